import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONFIG_OPTIONS, type ConfigKey, optionName, variableName } from "./options.ts";
import { type ConfigTexts, readConfig } from "./read-config.ts";
import { configSchema, readBytes } from "./schema.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "volumark-config-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileWith(value: unknown): Promise<string> {
  const path = join(folder, "serve.json");
  await writeFile(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

const read = (texts: ConfigTexts = {}, env: Record<string, string> = {}) => readConfig(texts, CONFIG_OPTIONS, env);

test("the options, the schema and the variables are the same settings, each once", () => {
  const keys = CONFIG_OPTIONS.map(({ key }) => key);
  expect([...keys].sort()).toEqual(Object.keys(configSchema.shape).sort());
  expect(new Set(CONFIG_OPTIONS.map(variableName)).size).toBe(keys.length);
  for (const option of CONFIG_OPTIONS) {
    const dashed = option.key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(optionName(option)).toBe(option.key === "worker" ? `--no-${dashed}` : `--${dashed}`);
  }
});

test("defaults named in the help are those of the schema", () => {
  const defaults = configSchema.parse({});
  for (const { key, text, kind } of CONFIG_OPTIONS) {
    const said = /\(default: ([\d.]+)\)/.exec(text)?.[1];
    if (said !== undefined) expect([key, said]).toEqual([key, String(defaults[key as ConfigKey])]);
    const [, least, most] = /, ([\d.]+) to ([\d.]+)/.exec(text) ?? [];
    if (most === undefined || kind === "bytes") continue;
    const { success: leastIn } = configSchema.shape[key as ConfigKey].safeParse(Number(least));
    const { success: mostIn } = configSchema.shape[key as ConfigKey].safeParse(Number(most));
    const { success: beyond } = configSchema.shape[key as ConfigKey].safeParse(Number(most) + 1);
    expect([key, leastIn, mostIn, beyond]).toEqual([key, true, true, false]);
  }
});

describe("where a value comes from", () => {
  test("nothing said: the defaults, and what the machine decides", async () => {
    const { config, settings, warnings } = await read({}, { VOLUMARK_DATA: folder });
    expect(config).toMatchObject({ host: "127.0.0.1", port: 8440, worker: true, lanes: null, grace: 10 });
    expect(config.machine).toBe(hostname());
    expect(config.data).toBe(resolve(folder));
    expect(settings.find(({ key }) => key === "port")).toMatchObject({ shown: "8440", source: "default" });
    expect(warnings).toEqual([]);
  });

  test("the command line before the environment before the file before the default", async () => {
    const config = await fileWith({ host: "0.0.0.0", port: 1, lanes: 1, keepRuns: 7 });
    const env = { VOLUMARK_PORT: "2", VOLUMARK_LANES: "2" };
    const found = await read({ config, lanes: "3" }, env);
    expect(found.config).toMatchObject({ host: "0.0.0.0", port: 2, lanes: 3, keepRuns: 7, grace: 10 });
    const source = (key: ConfigKey) => found.settings.find((one) => one.key === key)?.source;
    expect([source("lanes"), source("port"), source("host"), source("grace")]).toEqual([
      "command line",
      "environment",
      "file",
      "default",
    ]);
  });

  test("a switch that is off by itself is on by option, variable or file", async () => {
    expect((await read()).config.requireKeys).toBe(false);
    expect((await read({ requireKeys: true }, { VOLUMARK_REQUIRE_KEYS: "off" })).config.requireKeys).toBe(true);
    expect((await read({}, { VOLUMARK_REQUIRE_KEYS: "on" })).config.requireKeys).toBe(true);
  });

  test("a switch is off by option, variable or file, and an option that was not given does not turn it on again", async () => {
    expect((await read({ worker: false })).config.worker).toBe(false);
    expect((await read({ worker: true }, { VOLUMARK_WORKER: "off" })).config.worker).toBe(false);
    expect((await read({ worker: true, config: await fileWith({ worker: false }) })).config.worker).toBe(false);
    expect((await read({ worker: false }, { VOLUMARK_WORKER: "on" })).config.worker).toBe(false);
  });

  test("lists and sizes", async () => {
    const { config } = await read({ allowedHosts: "a.example, b.example:80", keepBytes: "2GiB", mostBodyBytes: "1MB" });
    expect(config.allowedHosts).toEqual(["a.example", "b.example:80"]);
    expect([config.keepBytes, config.mostBodyBytes]).toEqual([2 * 1024 ** 3, 1e6]);
    expect((await read({ config: await fileWith({ keepBytes: "500MB" }) })).config.keepBytes).toBe(5e8);
  });

  test("a password is never shown", async () => {
    const { settings } = await read({ database: "postgres://me:secret@db.example:5432/runs" });
    expect(settings.find(({ key }) => key === "database")?.shown).toBe("postgres://me@db.example:5432/runs");
    await expect(read({ database: "mysql://me:secret@db.example/runs" })).rejects.toThrow(/^(?!.*secret)/);
  });

  test("a variable that is nearly ours is pointed out, another program's is not", async () => {
    const { warnings } = await read({}, { VOLUMARK_PROT: "1", VOLUMETRIC: "1", VOLUMARK_ENTIRELY_DIFFERENT: "1" });
    expect(warnings).toEqual(["The variable VOLUMARK_PROT is not known; did you mean VOLUMARK_PORT?"]);
  });
});

describe("what is wrong is one sentence with its place", () => {
  test.each<[ConfigTexts, Record<string, string>, string]>([
    [{ port: "65536" }, {}, "--port must be a whole number from 0 to 65535, got 65536"],
    [{ port: "80 " }, {}, '--port must be a whole number from 0 to 65535, got "80 "'],
    [{}, { VOLUMARK_PORT: "http" }, 'VOLUMARK_PORT must be a whole number from 0 to 65535, got "http"'],
    [{ host: "http://localhost" }, {}, "--host must be a host name or an address, without http:// and without a port"],
    [{ host: "" }, {}, "--host must be a host name"],
    [{ machine: "a\nb" }, {}, "--machine must be text of 1 to 100 characters without control characters"],
    [{ keepBytes: "lots" }, {}, '--keep-bytes must be a size like 500MB or 2GiB, 0 bytes or more, got "lots"'],
    [{ allowedOrigins: "https://a.example/page" }, {}, "--allowed-origins must be origins such as"],
    [{}, { VOLUMARK_WORKER: "maybe" }, 'VOLUMARK_WORKER must be on or off, got "maybe"'],
    [{ database: "postgres://" }, {}, "--database must be postgres://user:password@host:port/name, got something else"],
    [{ grace: "-1" }, {}, '--grace must be a number from 0 to 3600, got "-1"'],
  ])("%j %j", async (texts, env, sentence) => {
    await expect(read(texts, env)).rejects.toThrow(sentence);
  });

  test.each<[unknown, string]>([
    [{ prot: 1 }, 'there is no key "prot"; did you mean "port"?'],
    [{ zzzzzzzzzz: 1 }, 'there is no key "zzzzzzzzzz"; there are host, port,'],
    [JSON.parse('{"__proto__": 1}'), 'there is no key "__proto__"'],
    [{ port: "8440" }, 'port must be a whole number from 0 to 65535, got "8440"'],
    [{ worker: "off" }, 'worker must be on or off, got "off"'],
    [[], "it must be one JSON object"],
    ["{", "it is not JSON"],
  ])("in the file: %j", async (content, sentence) => {
    await expect(read({ config: await fileWith(content) })).rejects.toThrow(sentence);
  });

  test("every value that is wrong is told, each on a line, with where it stands", async () => {
    const config = await fileWith({ port: 70_000, prot: 1, mostPasses: 5000, log: "info" });
    const error = await read({ config, lanes: "0" }, { VOLUMARK_GRACE: "x" }).catch((thrown: Error) => thrown.message);
    expect(`${error}`.split("\n")).toEqual([
      `--config ${config}: there is no key "prot"; did you mean "port"?`,
      `--config ${config}: port must be a whole number from 0 to 65535, got 70000`,
      "--lanes must be a whole number from 1 to 256, got 0",
      'VOLUMARK_GRACE must be a number from 0 to 3600, got "x"',
      `--config ${config}: mostPasses must be a whole number from 1 to 1000, got 5000`,
    ]);
  });

  test("no such file, a folder, a file of megabytes", async () => {
    await expect(read({ config: join(folder, "none.json") })).rejects.toThrow("there is no such file");
    await expect(read({ config: folder })).rejects.toThrow("it is a folder");
    await expect(read({ config: await fileWith(" ".repeat(1024 * 1024 + 1)) })).rejects.toThrow("1048577 bytes");
  });
});

test.each<[string, number]>([
  ["0", 0],
  ["1500000", 1_500_000],
  ["500MB", 5e8],
  ["1.5G", 1.5e9],
  ["2 GiB", 2 * 1024 ** 3],
  ["1KB", Number.NaN],
  ["1kB", 1000],
  ["1iB", Number.NaN],
  ["-1", Number.NaN],
  ["", Number.NaN],
  ["1e9", Number.NaN],
])("the size %s is %d bytes", (text, bytes) => {
  expect(readBytes(text)).toBe(bytes);
});
