/** How zod reads what is read once, at the start. */

/** Without writing a program for each object first, as pays for what each request brings: reading takes less than that. */
export const ONCE = { jitless: true } as const;
