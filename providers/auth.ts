/** How a vendor wants its key: exactly one credential header each, and never the URL. */

export const AUTH_STYLES = ["bearer", "api-key", "x-api-key", "x-goog-api-key", "none"] as const;
export type AuthStyle = (typeof AUTH_STYLES)[number];

const CREDENTIAL = {
  "bearer": (key: string) => ["authorization", `Bearer ${key}`],
  "api-key": (key: string) => ["api-key", key],
  "x-api-key": (key: string) => ["x-api-key", key],
  "x-goog-api-key": (key: string) => ["x-goog-api-key", key],
  "none": () => undefined,
} as const satisfies Record<AuthStyle, (key: string) => readonly [string, string] | undefined>;

/** The header that carries the key, or none where there is no key to send. */
export function credentialHeaders(style: AuthStyle, key: string | undefined): Record<string, string> {
  const header = key === undefined ? undefined : CREDENTIAL[style](key);
  return header === undefined ? {} : { [header[0]]: header[1] };
}
