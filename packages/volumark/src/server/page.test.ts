import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withFolder } from "../store/fixtures/stores.ts";
import { withServer } from "./fixtures/servers.ts";

const INDEX = '<meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="/assets/index-1.js"></script>';

const withPage = (work: Parameters<typeof withServer>[1]) =>
  withFolder(async (folder) => {
    await mkdir(join(folder, "web", "assets"), { recursive: true });
    await writeFile(join(folder, "web", "index.html"), INDEX);
    await writeFile(join(folder, "web", "assets", "index-1.js"), "1;");
    await writeFile(join(folder, "web", "assets", "index-1.js.br"), "br");
    await writeFile(join(folder, "web", "assets", "index-1.js.gz"), "gz");
    await writeFile(join(folder, "web", "assets", ".hidden"), "no");
    await writeFile(join(folder, "secret.txt"), "no");
    await withServer({ context: { webFolder: join(folder, "web") } }, work);
  });

describe("the page", () => {
  test("comes at each of its addresses with a nonce of its own, which its policy names", () =>
    withPage(async ({ app }) => {
      const nonces = new Set<string>();
      for (const url of ["/", "/runs", "/compare", "/machine?a=1", "/"]) {
        const { statusCode, headers, payload } = await app.inject(url);
        expect([statusCode, headers["content-type"], headers["cache-control"]], url).toEqual([
          200,
          "text/html; charset=utf-8",
          "no-store",
        ]);
        const [, nonce = ""] = /content="([\w-]{16,})"/.exec(payload) ?? [];
        expect(headers["content-security-policy"]).toContain(`style-src 'self' 'nonce-${nonce}'`);
        expect(payload).toBe(INDEX.replace("__CSP_NONCE__", nonce));
        nonces.add(nonce);
      }
      expect(nonces.size).toBe(5);
    }));

  test("tells a person that there is nothing at an address, and a program by a problem", () =>
    withPage(async ({ app }) => {
      const ask = async (url: string, accept: string) => {
        const { statusCode, headers } = await app.inject({ url, headers: { accept } });
        return [statusCode, String(headers["content-type"]).split(";")[0]];
      };
      const browser = "text/html,application/xhtml+xml,*/*;q=0.8";
      expect(await ask("/nowhere?a=1", browser)).toEqual([404, "text/html"]);
      expect(await ask("/nowhere", "*/*")).toEqual([404, "application/problem+json"]);
      for (const url of ["/api/nowhere", "/assets/nowhere.js"])
        expect(await ask(url, browser), url).toEqual([404, "application/problem+json"]);
    }));

  test("has files that are kept for ever, as their names change with what is in them", () =>
    withPage(async ({ app }) => {
      const { statusCode, headers, payload } = await app.inject("/assets/index-1.js");
      expect([statusCode, payload]).toEqual([200, "1;"]);
      expect(headers["content-type"]).toMatch(/^(text|application)\/javascript/);
      expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    }));

  test("sends of its files what was packed beforehand, as the reader takes it", () =>
    withPage(async ({ app }) => {
      const ask = async (encodings: string) => {
        const { headers, payload } = await app.inject({
          url: "/assets/index-1.js",
          headers: { "accept-encoding": encodings },
        });
        return [payload, headers["content-encoding"], headers.vary, headers["content-type"]];
      };
      const type = expect.stringContaining("javascript");
      expect(await ask("gzip, deflate, br")).toEqual(["br", "br", "Accept-Encoding", type]);
      expect(await ask("gzip")).toEqual(["gz", "gzip", "Accept-Encoding", type]);
      expect((await ask("identity"))[0]).toBe("1;");
    }));

  test("gives nothing else of the disk", () =>
    withPage(async ({ app }) => {
      for (const url of [
        "/assets/../index.html",
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/..%5c..%5csecret.txt",
        "/assets//etc/passwd",
        "/assets/index-1.js%00",
        "/assets/.hidden",
        "/assets/",
        "/assets",
        "/index.html",
      ]) {
        const { statusCode, payload } = await app.inject(url);
        expect([400, 403, 404], url).toContain(statusCode);
        expect(payload, url).not.toBe("no");
      }
    }));

  test("that was not built says how to build it", () =>
    withServer({ context: { webFolder: "/nowhere" } }, async ({ app }) => {
      const { statusCode, payload } = await app.inject("/");
      expect([statusCode, payload]).toEqual([404, expect.stringContaining("npm run build")]);
    }));
});
