/** `volumark serve --check`: the configuration in force with where each value came from, and whether a server could start. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { table } from "@volumark/measure";
import type { Config, ReadConfig } from "../config/read-config.ts";
import { systemErrorCode } from "../job/system-error.ts";
import { refuseUnsafeAddress } from "../server/guard/loopback.ts";
import { checkStore } from "../store/check-store.ts";
import { storeIn } from "../store/data-folder.ts";
import { EXIT } from "./exit-codes.ts";
import { print } from "./output.ts";
import { printable } from "./printable.ts";
import { fileInPlace, listenSentence } from "./serve-refusal.ts";
import { type Paint, paintFor, terminalTraits } from "./terminal.ts";

interface Finding {
  readonly ok: boolean;
  readonly name: string;
  readonly detail: string;
}

export async function checkServe(
  { config, settings, warnings }: ReadConfig,
  { color }: { readonly color?: boolean },
): Promise<number> {
  const paint = paintFor(terminalTraits(process.stdout, process.env, color === false));
  const rows = settings.map(({ option, shown, source }) => [option, printable(shown), source]);
  const columns = [{ title: "setting" }, { title: "value" }, { title: "from" }] as const;
  const lines = table(columns, rows, (cell, row) =>
    row < 0 || rows[row]?.[2] === "default" ? paint("dim", cell) : cell,
  );
  const findings = await check(config);
  const good = findings.every(({ ok }) => ok);
  const code = await print([
    `${lines.join("\n")}\n\n`,
    ...findings.map((finding) => `${findingLine(finding, paint)}\n`),
    ...warnings.map((warning) => `${paint("yellow", `!  ${printable(warning)}`)}\n`),
    `\n${good ? "volumark serve would start." : "volumark serve would not start."}\n`,
  ]);
  return good ? code : EXIT.usage;
}

function findingLine({ ok, name, detail }: Finding, paint: Paint): string {
  return `${ok ? paint("green", "✓") : paint("red", "✗")}  ${name.padEnd(8)}  ${printable(detail)}`;
}

async function check(config: Config): Promise<Finding[]> {
  const { data, database } = config;
  const store = await checkStore(database === null ? { path: storeIn(data) } : { url: database });
  return [
    await checkFolder(data),
    { name: "database", ok: store.ok, detail: store.detail },
    checkKeys(config, store.keys),
    await checkPort(config),
  ];
}

function checkKeys({ host, requireKeys }: Config, hasKeys: boolean): Finding {
  const name = "keys";
  const refusal = refuseUnsafeAddress(host, hasKeys);
  if (refusal !== null) return { ok: false, name, detail: refusal };
  if (requireKeys && !hasKeys)
    return { ok: false, name, detail: "keys are asked for, and there is none. Make one: volumark keys add." };
  return {
    ok: true,
    name,
    detail: hasKeys ? "there are keys" : "none is needed: only this machine reaches the address",
  };
}

/** Nothing is made: where the folder is not there yet, the one that it would be made in must be writable. */
async function checkFolder(folder: string): Promise<Finding> {
  const name = "folder";
  const inPlace = fileInPlace(folder);
  if (inPlace !== null) return { ok: false, name, detail: inPlace };
  for (let path = folder; ; path = dirname(path)) {
    try {
      await access(path, constants.W_OK | constants.X_OK);
      return { ok: true, name, detail: path === folder ? `${folder} can be written` : `${folder} will be made` };
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT" && dirname(path) !== path) continue;
      return { ok: false, name, detail: `${path} can't be written. Give --data and another folder.` };
    }
  }
}

async function checkPort(config: Config): Promise<Finding> {
  const { host, port } = config;
  const name = "address";
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port }, resolve);
    });
    await new Promise((resolve) => server.close(resolve));
    return { ok: true, name, detail: port === 0 ? `${host}, any free port` : `${host}:${port} is free` };
  } catch (error) {
    const sentence = listenSentence(error, config);
    if (sentence === null) throw error;
    return { ok: false, name, detail: sentence };
  }
}
