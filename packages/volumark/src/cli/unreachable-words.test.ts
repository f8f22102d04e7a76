/** Each way in which a server is not reached, with what Node itself throws where that can be brought about here. */
import { createServer as createNet, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { unreachableWords } from "./unreachable-words.ts";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** Listens and says this to whoever comes; null: hangs up. */
async function answering(text: string | null): Promise<number> {
  const server = createNet((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => (text === null ? socket.destroy() : socket.end(text)));
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

async function said(url: string): Promise<string> {
  const error = await fetch(url).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const words = unreachableWords(error);
  return words === null ? `not known: ${error}` : `${words.why}. ${words.action}.`;
}

test("a port that fetch refuses", async () => {
  expect(await said("http://127.0.0.1:1/")).toBe(
    "no program may ask this port over HTTP, since it belongs to another protocol. Have the server listen on another one: volumark serve --port 8440.",
  );
});

test("a port that nobody has, by number and by a name with several addresses", async () => {
  const port = await answering(null);
  open.pop()?.close();
  for (const host of ["127.0.0.1", "localhost"])
    expect(await said(`http://${host}:${port}/`), host).toMatch(
      /^nobody listens there \(ECONNREFUSED\)\. Start the server/,
    );
});

test("something that speaks no HTTP, no TLS, or hangs up", async () => {
  expect(await said(`http://127.0.0.1:${await answering("220 mail\r\n")}/`)).toMatch(/does not speak HTTP \(HPE_/);
  expect(await said(`https://127.0.0.1:${await answering("HTTP/1.1 400 Bad\r\n\r\n")}/`)).toMatch(
    /^no TLS is spoken there/,
  );
  expect(await said(`http://127.0.0.1:${await answering(null)}/`)).toMatch(/^the connection broke off/);
});

test.each([
  ["ENOTFOUND", "there is no host of this name"],
  ["EAI_AGAIN", "the name can't be looked up now"],
  ["ETIMEDOUT", "it does not answer"],
  ["UND_ERR_CONNECT_TIMEOUT", "it does not answer"],
  ["EHOSTUNREACH", "there is no way to it from here"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is not trusted here"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its certificate is not trusted here"],
  ["CERT_HAS_EXPIRED", "its certificate is not trusted here"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is of another name"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "no TLS is spoken there"],
])("%s", (code, why) => {
  const cause = Object.assign(new Error("x"), { code });
  expect(unreachableWords(new TypeError("fetch failed", { cause }))?.why).toBe(`${why} (${code})`);
});

test("what is not known is left to whoever asks", () => {
  for (const error of [null, "text", new Error("odd"), new TypeError("fetch failed")])
    expect(unreachableWords(error)).toBeNull();
});
