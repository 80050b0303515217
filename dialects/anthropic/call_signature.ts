/** The signature that another vendor gave a call: Messages has no place for one, so the thought before the call carries it. */

/** Sets such a thought apart from a signed one. Anthropic's own signatures hold no colon. */
const MARK = "call:";

/** The call's signature as that of a thought. Clients send thoughts back as they came. */
export function formatCallSignature(signature: string): string {
  return MARK + signature;
}

/** The signature of the call that follows the thought; `undefined` where the thought is signed itself. */
export function parseCallSignature(signature: string | null | undefined): string | undefined {
  return signature?.startsWith(MARK) ? signature.slice(MARK.length) : undefined;
}
