/**
 * The service as a fastify app: every address of `api/`, checked by its schemas. It listens to nothing by itself, so that
 * tests ask it without a socket (`app.inject`).
 */
import { randomUUID } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from "fastify";
import { openKeys } from "../keys/keys.ts";
import { answerProblem, ProblemError } from "./answer-problem.ts";
import { boundBodies } from "./body-budget.ts";
import { checkBySchema } from "./check-request.ts";
import type { ServerContext } from "./context.ts";
import { serverOptions } from "./guard/connections.ts";
import { guard } from "./guard/guard.ts";
import { logRequests } from "./log.ts";
import { addMetrics } from "./metrics.ts";
import { watchMethods } from "./other-methods.ts";
import { addPage, type SendPage } from "./page.ts";
import { compareRoutes } from "./routes/compare.ts";
import { docsRoutes } from "./routes/docs.ts";
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { historyRoutes } from "./routes/history.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { presetRoutes } from "./routes/presets.ts";
import { recordRoutes } from "./routes/records.ts";
import { resultRoutes } from "./routes/results.ts";
import { runRoutes } from "./routes/runs.ts";
import { sceneRoutes } from "./routes/scenes.ts";
import { systemRoutes } from "./routes/system.ts";
import { refuseWhileClosing } from "./shutdown.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Name of the address in `api/routes.ts`. */
    route?: string;
    /** What a key must allow; null: nobody is asked. */
    scope?: "read" | "run" | "admin" | null;
  }
  interface FastifyRequest {
    /** The run that it is about, for the log; empty where the address says it or there is none. */
    run: string;
  }
}

const ALL_ROUTES = [
  healthRoutes,
  metricsRoutes,
  runRoutes,
  eventRoutes,
  resultRoutes,
  recordRoutes,
  compareRoutes,
  historyRoutes,
  presetRoutes,
  sceneRoutes,
  systemRoutes,
  docsRoutes,
];

export function createApp(context: ServerContext, options: FastifyServerOptions = {}): FastifyInstance {
  const app = Fastify({
    ...serverOptions(context.limits),
    // Ids of clients are not taken: one could be written to look like another's.
    genReqId: () => randomUUID(),
    // `logRequests` says it in one line.
    logController: new LogController({ disableRequestLogging: true }),
    // `refuseWhileClosing` says it as a problem.
    return503OnClosing: false,
    ...options,
  } as FastifyServerOptions) as FastifyInstance;
  app.decorateRequest("run", "");
  app.setValidatorCompiler(checkBySchema);
  // Answers are typed where they are made and checked in the tests, not again for each request.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(answerProblem);
  const methodsAt = watchMethods(app);
  let sendPage: SendPage | null = null;
  app.setNotFoundHandler(async ({ method, url, headers }, reply) => {
    const known = methodsAt(url.replace(/\?.*$/s, ""));
    // A person who has mistyped an address reads it on the page; programs and addresses of the interface get the problem.
    const reads = method === "GET" && known.length === 0 && !/^\/(api|assets)\//.test(url);
    if (sendPage && reads && /\btext\/html\b/.test(headers.accept ?? "")) return sendPage(reply.code(404));
    // An address of files knows the method also where there is no such file.
    if (known.length === 0 || known.includes(method)) {
      throw new ProblemError("not-found", "There is nothing at this address. See /openapi.json for what there is.");
    }
    reply.header("allow", known.join(", "));
    const detail = `This address takes ${known.join(", ")}, and not ${method}. See /openapi.json for what it does.`;
    throw new ProblemError("method-not-allowed", detail, { data: { method, allowed: known } });
  });
  logRequests(app);
  addMetrics(app, context.queue);
  guard(app, { keys: openKeys({ store: context.store }), limits: context.limits, ...context.access });
  refuseWhileClosing(app, context);
  boundBodies(app, context.limits);
  for (const add of ALL_ROUTES) add(app, context);
  if (context.webFolder !== null) sendPage = addPage(app, context.webFolder);
  return app;
}
