/** The interface, described: for programs and for reading. Written once, when somebody asks. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { isKnown } from "../byte-range.ts";
import { DOCS_POLICY } from "../docs/html.ts";
import { openApiDocument } from "../docs/openapi.ts";
import { endpointsPage, problemsPage } from "../docs/pages.ts";
import { type AddRoutes, addRoute } from "../routes.ts";

export const docsRoutes: AddRoutes = (app, { about: { version } }) => {
  const etag = `"${version}"`;
  const texts = new Map<string, string>();
  const once = (name: string, write: () => string) => {
    const text = texts.get(name) ?? write();
    texts.set(name, text);
    return text;
  };
  const sayHtml = (request: FastifyRequest, reply: FastifyReply, text: string) => {
    reply.headers({ "content-security-policy": DOCS_POLICY, "cache-control": "no-cache", etag });
    if (isKnown(request.headers["if-none-match"], etag)) return reply.code(304).send();
    return reply.type("text/html; charset=utf-8").send(text);
  };

  let document: Record<string, unknown> | null = null;
  addRoute(app, "openapi", async ({ reply }) => {
    reply.header("cache-control", "no-cache");
    document ??= { ...openApiDocument(version) };
    return document;
  });
  addRoute(app, "docs", async ({ request, reply }) =>
    sayHtml(
      request,
      reply,
      once("docs", () => endpointsPage(version)),
    ),
  );
  addRoute(app, "problemDocs", async ({ request, reply }) => sayHtml(request, reply, once("problems", problemsPage)));
};
