/**
 * What every answer says about itself, so that a page of ours does only what it needs and nobody else's page can use it.
 *
 * Content Security Policy Level 3 (https://www.w3.org/TR/CSP3/). With the opener and embedder policies a page is
 * cross-origin isolated where its address is trusted (the loopback, https), and may share memory with its workers.
 */
import type { FastifyReply } from "fastify";

/** `nonce`: of the one style element that may stand in the page. */
export function pagePolicy(nonce: string | null = null): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    `style-src 'self'${nonce === null ? "" : ` 'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    // blob: is what the page itself made: the animation of a record that was dropped on it.
    "connect-src 'self' blob:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
  ].join("; ");
}

/** Of every answer; whoever sends something else sets it afterwards. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": pagePolicy(),
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** What an origin that is allowed to ask may do. */
export function allowOrigin(reply: FastifyReply, origin: string): void {
  reply.header("access-control-allow-origin", origin);
  reply.header("access-control-expose-headers", "Content-Disposition, ETag, Location, Retry-After");
}

/** The answer to a browser that asks beforehand (https://fetch.spec.whatwg.org/#cors-preflight-fetch). */
export function answerPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .header("access-control-allow-methods", "GET, HEAD, POST, PUT, DELETE")
    .header("access-control-allow-headers", "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Range")
    .header("access-control-max-age", "600")
    .code(204)
    .send();
}
