/** What a server that is shutting down still answers, and how its parts are ended within a bound. */
import type { FastifyInstance } from "fastify";
import { ProblemError } from "./answer-problem.ts";
import type { ServerContext } from "./context.ts";

/** How long to wait before asking again: as long as a start takes. */
const RETRY_MS = 2000;

/** Probes are answered to the end; everything else is told to come back. */
export function refuseWhileClosing(app: FastifyInstance, { closing }: ServerContext): void {
  app.addHook("onRequest", async (request, reply) => {
    if (!closing.aborted) return;
    reply.header("connection", "close");
    const { route } = request.routeOptions.config;
    if (route === "health" || route === "readiness") return;
    throw new ProblemError("shutting-down", "The server is shutting down. Ask again when it is back.", {
      retryAfterMs: RETRY_MS,
    });
  });
}

/** Waits for what ends by itself, but no longer than `ms`; false where it was not over by then. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true as const), over]);
  } finally {
    clearTimeout(timer);
  }
}
