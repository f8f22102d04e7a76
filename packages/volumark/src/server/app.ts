/**
 * The service as a fastify app: every address of `api/`, checked by its schemas. It listens to nothing by itself, so that
 * tests ask it without a socket (`app.inject`).
 */
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { answerProblem, ProblemError } from "./answer-problem.ts";
import type { ServerContext } from "./context.ts";
import { healthRoutes } from "./routes/health.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Name of the address in `api/routes.ts`. */
    route?: string;
    /** What a key must allow; null: nobody is asked. */
    scope?: "read" | "run" | "admin" | null;
  }
}

const ALL_ROUTES = [healthRoutes];

export function createApp(context: ServerContext, options: FastifyServerOptions = {}): FastifyInstance {
  const app = Fastify({
    bodyLimit: context.limits.mostBodyBytes,
    ajv: { customOptions: {} },
    ...options,
  } as FastifyServerOptions) as FastifyInstance;
  app.setValidatorCompiler(validatorCompiler);
  // Answers are typed where they are made and checked in the tests, not again for each request.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler(async (request) => {
    throw new ProblemError(
      "not-found",
      `There is nothing at ${request.method} here. See /openapi.json for what there is.`,
    );
  });
  for (const add of ALL_ROUTES) add(app, context);
  return app;
}
