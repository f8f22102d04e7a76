/**
 * What the bodies of all requests together may hold. Each has a limit of its own; a thousand senders at once have not, and
 * those that trickle in slowly are held for as long as they take. A body counts from its headers until it is answered.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ProblemError } from "./answer-problem.ts";
import type { ServerLimits } from "./limits.ts";

/** When to try again, ms: bodies that do not trickle are worked on within that. */
const RETRY_MS = 1000;

export function boundBodies(app: FastifyInstance, { mostBodiesBytes }: ServerLimits): void {
  let held = 0;
  app.addHook("onRequest", async (request, reply) => {
    const bytes = bodyBytes(request);
    if (bytes === 0) return;
    if (held + bytes > mostBodiesBytes) {
      throw new ProblemError(
        "busy",
        `Bodies of ${held} bytes are being taken in, this one may have ${bytes}, and ${mostBodiesBytes} is the most at once. Try again in a moment.`,
        { retryAfterMs: RETRY_MS, data: { held, bytes, limit: mostBodiesBytes } },
      );
    }
    held += bytes;
    reply.raw.once("close", () => {
      held -= bytes;
    });
  });
}

/** As many as it says, or where it does not say the most that its address takes. */
function bodyBytes({ headers, routeOptions }: FastifyRequest): number {
  const most = routeOptions.bodyLimit ?? Number.POSITIVE_INFINITY;
  if (headers["transfer-encoding"] !== undefined) return most;
  const said = Number(headers["content-length"] ?? 0);
  return Number.isFinite(said) ? Math.min(said, most) : most;
}
