/** Which methods an address knows, for whoever asks with another one (RFC 9110, 15.5.6). */
import type { FastifyInstance } from "fastify";

/** Watches what is added from now on. What it returns gives the methods of a path without its query; none where nothing lies there. */
export function watchMethods(app: FastifyInstance): (path: string) => string[] {
  const addresses = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    const known = addresses.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    addresses.set(url, known);
    for (const one of [method].flat()) known.methods.add(one);
  });
  return (path) => {
    const found = [...addresses.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  };
}

/** `:name` is a part of the path, `:name(\d+)` one of digits, `*` all that follows. */
function patternOf(url: string): RegExp {
  const text = url.replace(/:\w+(\(\\d\+\))?|[*.]/g, (piece, digits) =>
    piece === "." ? "\\." : piece === "*" ? ".*" : digits ? "\\d+" : "[^/]*",
  );
  return new RegExp(`^${text}$`);
}
