/** How an address is added to the server: its place from the definition, its checks from the schemas. */
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import type * as z from "zod";
import { type Answer, ENDPOINTS, type Endpoint, type Endpoints } from "../api/endpoints.ts";
import { ROUTES, type Route, type RouteName } from "../api/routes.ts";
import type { ServerContext } from "./context.ts";

type Parsed<Name extends RouteName, Key extends string> = Endpoints[Name] extends {
  readonly [K in Key]: infer S extends z.ZodType;
}
  ? z.output<S>
  : undefined;

/** A request whose parts have been checked. */
export interface Asked<Name extends RouteName> {
  readonly params: Parsed<Name, "params">;
  readonly query: Parsed<Name, "query">;
  readonly body: Parsed<Name, "body">;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Where the answer is JSON it is returned; else the handler sends it and returns the reply. */
export type Handler<Name extends RouteName> = (asked: Asked<Name>) => Promise<Answered<Name>>;

type Answered<Name extends RouteName> = (typeof ROUTES)[Name]["answer"] extends "json" ? Answer<Name> : FastifyReply;

/** A file of `routes/` adds its addresses. */
export type AddRoutes = (app: FastifyInstance, context: ServerContext) => void;

export interface RouteOptions {
  readonly bodyLimit?: number;
  /** The body comes as the app's parser leaves it, unchecked. */
  readonly rawBody?: boolean;
  readonly onRequest?: onRequestAsyncHookHandler;
}

/** Adds the address of that name. */
export function addRoute<Name extends RouteName>(
  app: FastifyInstance,
  name: Name,
  handler: Handler<Name>,
  { rawBody = false, ...options }: RouteOptions = {},
): void {
  const route: Route = ROUTES[name];
  const endpoint: Endpoint = ENDPOINTS[name];
  const { params, query, body, response, summary, status = 200 } = endpoint;
  app.route({
    method: route.method,
    // A parameter that something follows has to say which characters it takes.
    url: route.path.replace(/:(\w+)\./g, ":$1(\\d+)."),
    ...options,
    config: { route: name, scope: route.scope },
    schema: {
      summary,
      operationId: name,
      ...(params ? { params } : {}),
      ...(query ? { querystring: query } : {}),
      ...(body && !rawBody ? { body } : {}),
      ...(response ? { response: { [status]: response } } : {}),
    },
    handler: async (request, reply) => {
      const answer = await handler({
        params: request.params,
        query: request.query,
        body: request.body,
        request,
        reply,
      } as Asked<Name>);
      if (reply.sent || answer === reply) return reply;
      return reply.code(reply.statusCode === 200 ? status : reply.statusCode).send(answer);
    },
  });
}
