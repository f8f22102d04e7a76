/**
 * The page: its addresses all give `index.html`, whose scripts and styles lie under /assets/ with a hash in their names.
 *
 * A page that comes from here has a nonce of its own, which the page's styles carry; `reply.styleNonce` is for whoever
 * writes the content policy's header, and empty for everything that is no page.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import serveStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";

declare module "fastify" {
  interface FastifyReply {
    /** Of the content policy's `style-src`; empty where the answer is no page. */
    styleNonce: string;
  }
}

/** Where the build puts the page, seen from this file as it is written, built, and joined into a bundle. */
export const WEB_FOLDER = fileURLToPath(new URL("../../dist/web/", import.meta.url));

/** Addresses that a person may open. */
const PAGES = ["/", "/runs", "/compare", "/machine"] as const;
const PLACE = "__CSP_NONCE__";
const YEAR_MS = 365 * 24 * 3_600_000;

/** Answers with the page. */
export type SendPage = (reply: FastifyReply) => Promise<FastifyReply>;

/** Adds the page and gives what answers with it, null without the built files: then its address says how to build them. */
export function addPage(app: FastifyInstance, webFolder: string): SendPage | null {
  app.decorateReply("styleNonce", "");
  const index = join(webFolder, "index.html");
  let text: Promise<string> | null = null;
  const send: SendPage = async (reply) => {
    text ??= readFile(index, "utf8");
    reply.styleNonce = randomBytes(16).toString("base64url");
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-store")
      .send((await text).replaceAll(PLACE, reply.styleNonce));
  };
  const built = existsSync(index);
  void app.register(async (page) => {
    // Whoever opens the page has no key yet: it asks for one.
    page.addHook("onRoute", (route) => {
      route.config = { ...route.config, scope: null };
    });
    if (!built) {
      page.get("/", async (_, reply) => reply.code(404).type("text/plain").send(`${NOT_BUILT}\n`));
      return;
    }
    for (const url of PAGES) page.get(url, async (_, reply) => send(reply));
    addFiles(page, webFolder);
  });
  return built ? send : null;
}

function addFiles(app: FastifyInstance, webFolder: string): void {
  void app.register(async (files) => {
    files.addHook("onSend", async (_, reply) => {
      const vary = [reply.getHeader("vary"), "Accept-Encoding"].filter((name) => name !== undefined);
      reply.header("vary", vary.join(", "));
    });
    await files.register(serveStatic, {
      root: join(webFolder, "assets"),
      prefix: "/assets/",
      decorateReply: false,
      immutable: true,
      maxAge: YEAR_MS,
      index: false,
      dotfiles: "ignore",
      preCompressed: true,
    });
  });
}

const NOT_BUILT = "The page has not been built: npm run build. The interface works without it; /docs describes it.";
