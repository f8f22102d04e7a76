/**
 * Why a server could not be reached, for a person: what Node's `fetch` says, by its code, and what to do about it.
 * https://nodejs.org/api/errors.html#common-system-errors, https://github.com/nodejs/undici/blob/main/docs/docs/api/Errors.md
 */
export interface Unreachable {
  readonly why: string;
  readonly action: string;
}

/** Null for what is not known. */
export function unreachableWords(error: unknown): Unreachable | null {
  const { message, code } = deepest(error);
  // What fetch refuses has no code: https://fetch.spec.whatwg.org/#bad-port
  if (message === "bad port")
    return {
      why: "no program may ask this port over HTTP, since it belongs to another protocol",
      action: "Have the server listen on another one: volumark serve --port 8440",
    };
  const found = WORDS.find(([codes]) => codes.test(code));
  return found ? { why: `${found[1]} (${code})`, action: found[2] } : null;
}

const WORDS: readonly (readonly [codes: RegExp, why: string, action: string])[] = [
  [
    /^ECONNREFUSED$/,
    "nobody listens there",
    "Start the server with volumark serve, or correct the address and its port",
  ],
  [/^ENOTFOUND$/, "there is no host of this name", "Correct the name, or give the server's number"],
  [/^EAI_/, "the name can't be looked up now", "Check the network, or give the server's number"],
  [
    /^(ETIMEDOUT|UND_ERR_\w+_TIMEOUT)$/,
    "it does not answer",
    "Check the address, and whether a firewall is in between",
  ],
  [/^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, "there is no way to it from here", "Check the network"],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID)$/, "its certificate is of another name", "Give the name that the certificate has"],
  [
    /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA$|ERR_TLS_CERT)/,
    "its certificate is not trusted here",
    "Name the file of its authority in NODE_EXTRA_CA_CERTS, or have the certificate renewed",
  ],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_)/, "no TLS is spoken there", "Begin the address with http:// where the server has none"],
  [
    /^(HPE_|UND_ERR_)(?!SOCKET)/,
    "what answers there does not speak HTTP",
    "Correct the port, or begin the address with https:// where TLS is before the server",
  ],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    "the connection broke off",
    "Check that the server runs, and begin the address with https:// where TLS is before it",
  ],
];

/** `fetch` wraps what happened, and several tries of one name are gathered in one error. */
function deepest(error: unknown): { readonly message: string; readonly code: string } {
  let found = error;
  for (let depth = 0; depth < 5 && found instanceof Error; depth++) {
    if (typeof (found as NodeJS.ErrnoException).code === "string") break;
    const inner = found instanceof AggregateError ? found.errors[0] : found.cause;
    if (!(inner instanceof Error)) break;
    found = inner;
  }
  if (!(found instanceof Error)) return { message: String(found), code: "" };
  const { code } = found as NodeJS.ErrnoException;
  return { message: found.message, code: typeof code === "string" ? code : "" };
}
