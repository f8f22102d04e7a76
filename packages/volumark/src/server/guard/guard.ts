/**
 * Nobody in who doesn't belong: asked of every request before its body is read.
 *
 * In this order: how the message is framed, Host, origin, who asks, how often, what they may do, content type. An address without a `scope` in its
 * configuration needs the highest one, so that a forgotten one is closed.
 */
import type { FastifyInstance } from "fastify";
import type { RouteName } from "../../api/routes.ts";
import type { AccessKeys } from "../../keys/keys.ts";
import type { ServerLimits } from "../limits.ts";
import { checkRate, checkScope, identify, secretIn } from "./caller.ts";
import { boundConnections, checkMessage } from "./connections.ts";
import { allowOrigin, answerPreflight, pagePolicy, SECURITY_HEADERS } from "./headers.ts";
import { checkHost, checkOrigin, type HostOptions } from "./hosts.ts";
import { checkContentType, readJsonOnly } from "./json-body.ts";
import { isLoopback } from "./loopback.ts";
import { networkOf, openBuckets } from "./rate-limit.ts";
import { watchRevocation } from "./revocation.ts";

/** How the server is reached and by whom; every one has a default. */
export interface AccessOptions extends Partial<HostOptions> {
  /** Also on the loopback nobody is let in without a key; default no. */
  readonly requireKeys?: boolean;
}

export interface GuardOptions extends AccessOptions {
  readonly keys: AccessKeys;
  readonly limits: ServerLimits;
  readonly monotonicMs?: () => number;
}

const DEFAULT_HOST = "127.0.0.1";

/** The address whose answers may go on for hours. */
const LASTING: RouteName = "runEvents";

/** Simple requests that one of these is worth. */
const COSTS: Partial<Record<RouteName, number>> = {
  health: 0,
  submitRun: 10,
  importRecord: 10,
  checkScene: 5,
  compareRuns: 5,
  history: 5,
  runReport: 5,
};

/** Puts the guard before every address that the app has or will have. */
export function guard(app: FastifyInstance, options: GuardOptions): void {
  const { keys, limits, requireKeys = false, monotonicMs } = options;
  const hosts: HostOptions = {
    host: options.host ?? DEFAULT_HOST,
    names: options.names ?? [],
    origins: options.origins ?? [],
  };
  const perMinute = limits.requestsPerMinute;
  const buckets = openBuckets(perMinute, monotonicMs);
  const alone = !requireKeys && isLoopback(hosts.host);
  const watch = watchRevocation(app, keys);
  readJsonOnly(app);
  boundConnections(app, limits);
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (hosts.origins.length > 0) reply.header("vary", "Origin");
    checkMessage(request, reply);
    const { local } = checkHost(request, hosts);
    const origin = checkOrigin(request, hosts);
    if (origin !== null) {
      allowOrigin(reply, origin);
      if (request.method === "OPTIONS") return answerPreflight(reply);
    }
    const { scope, route } = request.routeOptions.config;
    const needed = request.is404 ? null : scope === undefined ? "admin" : scope;
    const caller =
      needed === null
        ? ({ kind: "address", id: networkOf(request.ip), scope: null } as const)
        : await identify(request, reply, { keys, open: alone && local, buckets });
    checkRate(caller, COSTS[route as RouteName] ?? 1, buckets, perMinute);
    if (needed !== null) checkScope(caller, needed, reply);
    if (caller.kind === "key" && route === LASTING) watch.add(reply.raw, secretIn(request.headers.authorization));
    checkContentType(request);
  });
  app.addHook("onSend", async (_, reply) => {
    // A page has a nonce; see `page.ts`.
    if (reply.styleNonce) reply.header("content-security-policy", pagePolicy(reply.styleNonce));
  });
}
