/**
 * Whether a request names this server and comes from a page that may ask it.
 *
 * A page of somebody else's can point its own name at 127.0.0.1 (DNS rebinding): then its requests reach us and count as its
 * own origin's, but their Host still has that name. And it can send requests across origins: then Origin
 * (https://fetch.spec.whatwg.org/#origin-header) or Sec-Fetch-Site (https://w3c.github.io/webappsec-fetch-metadata/) say so.
 */
import type { FastifyRequest } from "fastify";
import { ProblemError } from "../answer-problem.ts";

export interface HostOptions {
  /** What the server listens on. */
  readonly host: string;
  /** Further names, each with a port (only that one) or without (any). */
  readonly names: readonly string[];
  /** Origins of others whose pages may ask, as `https://studio.example`. */
  readonly origins: readonly string[];
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(\d{1,5}))?$/;
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Throws `host-refused`. Says whether the name is one that only this machine has. */
export function checkHost(request: FastifyRequest, { host, names }: HostOptions): { readonly local: boolean } {
  const given = request.headers.host ?? "";
  const [, name, port] = HOST.exec(given.toLowerCase()) ?? [];
  const once = request.raw.rawHeaders.filter((word, i) => i % 2 === 0 && word.toLowerCase() === "host").length <= 1;
  if (name !== undefined && once) {
    const { localPort, localAddress } = request.socket;
    const rightPort = port === undefined || localPort === undefined || Number(port) === localPort;
    const local = LOOPBACK_NAMES.has(name);
    if (rightPort && (local || name === inHost(host) || name === inHost(localAddress ?? ""))) return { local };
    const other = names.map((one) => one.toLowerCase());
    if (other.includes(name) || other.includes(`${name}:${port ?? 80}`)) return { local };
  }
  throw new ProblemError(
    "host-refused",
    "Host is not an address of this server. Use the address that it printed when it started, or start it with --allowed-hosts and this name.",
    { field: "headers.host", data: { host: given.slice(0, 200) } },
  );
}

/**
 * Throws `origin-refused` for what a page of another origin sends. Following a link to here is allowed, and so is whoever
 * is no browser. Returns the origin where it is another's and allowed.
 */
export function checkOrigin(request: FastifyRequest, { origins }: HostOptions): string | null {
  const { origin, host = "", "sec-fetch-site": site, "sec-fetch-mode": mode } = request.headers;
  if (origin !== undefined) {
    if (origins.includes(origin)) return origin;
    if (!isOwn(origin, host)) throw refused(origin);
  }
  if (site === undefined || site === "same-origin" || site === "none") return null;
  if (mode === "navigate" && SAFE_METHODS.has(request.method)) return null;
  throw refused(origin ?? String(site));
}

/** The scheme may differ: who is in front of the server may speak TLS. */
function isOwn(origin: string, host: string): boolean {
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  const own = `${url.protocol}//${host}`;
  return url.origin === origin && URL.canParse(own) && new URL(own).host === url.host;
}

function refused(origin: string): ProblemError {
  return new ProblemError(
    "origin-refused",
    "The request comes from a page of another origin, which may not ask this server. Start it with --allowed-origins and that origin if it should.",
    { field: "headers.origin", data: { origin: origin.slice(0, 200) } },
  );
}

/** An address as it stands in Host. */
function inHost(address: string): string {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
  return plain.includes(":") && !plain.startsWith("[") ? `[${plain}]` : plain;
}
