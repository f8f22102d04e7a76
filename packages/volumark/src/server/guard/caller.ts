/** Who asks: the person at this machine, or whoever has a key; and what they may do. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { SCOPES, type Scope } from "../../api/routes.ts";
import type { AccessKey, AccessKeys } from "../../keys/keys.ts";
import { ProblemError } from "../answer-problem.ts";
import { type Buckets, networkOf } from "./rate-limit.ts";

export type Caller =
  /** Without a key. */
  | { readonly kind: "address"; readonly id: string; readonly scope: Scope | null }
  | { readonly kind: "key"; readonly id: string; readonly scope: Scope };

/** Tokens that a key which is none costs its sender's address. */
const WRONG_KEY_COST = 50;
/** A proxy on this machine puts one of these in; whoever is behind it is not at this machine. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-real-ip", "via"] as const;

const callers = new WeakMap<FastifyRequest, Caller>();

/** Who sent this request; `id` is theirs alone, so it can be put before what they choose themselves. */
export function callerOf(request: FastifyRequest): Caller {
  return callers.get(request) ?? { kind: "address", id: networkOf(request.ip), scope: null };
}

/** Finds out who asks. `open`: who has no key and is at this machine may do everything. Throws `key-unknown`. */
export async function identify(
  request: FastifyRequest,
  reply: FastifyReply,
  { keys, open, buckets }: { readonly keys: AccessKeys; readonly open: boolean; readonly buckets: Buckets },
): Promise<Caller> {
  const address = networkOf(request.ip);
  const { authorization } = request.headers;
  let caller: Caller;
  if (authorization === undefined) {
    const local = open && PROXY_HEADERS.every((name) => request.headers[name] === undefined);
    caller = { kind: "address", id: address, scope: local ? "admin" : null };
  } else {
    const { id, scope } = await keyOf(authorization, address, reply, keys, buckets);
    caller = { kind: "key", id, scope };
  }
  callers.set(request, caller);
  return caller;
}

/** Throws `key-needed` and `scope-missing`. */
export function checkScope(caller: Caller, needed: Scope, reply: FastifyReply): void {
  if (caller.scope === null) {
    reply.header("www-authenticate", 'Bearer realm="volumark"');
    throw new ProblemError(
      "key-needed",
      `This needs a key with the scope ${needed}. Send it as Authorization: Bearer KEY; volumark keys add makes one.`,
      { field: "headers.authorization" },
    );
  }
  if (SCOPES.indexOf(caller.scope) >= SCOPES.indexOf(needed)) return;
  reply.header("www-authenticate", `Bearer realm="volumark", error="insufficient_scope", scope="${needed}"`);
  throw new ProblemError(
    "scope-missing",
    `This needs a key with the scope ${needed}, and this one has ${caller.scope}. Use another key.`,
    { field: "headers.authorization", data: { needed, scope: caller.scope } },
  );
}

/** Takes tokens from the caller. Throws `too-many-requests`. */
export function checkRate(caller: Caller, cost: number, buckets: Buckets, perMinute: number): void {
  const retryAfterMs = cost === 0 ? 0 : buckets.take(`${caller.kind} ${caller.id}`, cost);
  if (retryAfterMs > 0) throw tooMany(perMinute, retryAfterMs);
}

/** The key of an Authorization header; empty where there is none. */
export function secretIn(authorization: string | undefined): string {
  return /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
}

async function keyOf(
  authorization: string,
  address: string,
  reply: FastifyReply,
  keys: AccessKeys,
  buckets: Buckets,
): Promise<AccessKey> {
  const secret = secretIn(authorization);
  // What is not known costs a look into the database, so guessing ends before it.
  if (!keys.knows(secret)) {
    const retryAfterMs = buckets.take(`address ${address}`, 1);
    if (retryAfterMs > 0) throw tooMany(null, retryAfterMs);
  }
  const key = await keys.find(secret);
  if (key) return key;
  buckets.charge(`address ${address}`, WRONG_KEY_COST);
  reply.header("www-authenticate", 'Bearer realm="volumark", error="invalid_token"');
  throw new ProblemError(
    "key-unknown",
    "This key is not one of this server's, or was revoked. See volumark keys list, and send it as Authorization: Bearer KEY.",
    { field: "headers.authorization" },
  );
}

function tooMany(perMinute: number | null, retryAfterMs: number): ProblemError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  const bound = perMinute === null ? "" : `; ${perMinute} simple ones a minute are allowed`;
  return new ProblemError("too-many-requests", `Too many requests${bound}. Try again in ${seconds} s.`, {
    retryAfterMs,
    data: { ...(perMinute === null ? {} : { requestsPerMinute: perMinute }), retryAfterMs },
  });
}
