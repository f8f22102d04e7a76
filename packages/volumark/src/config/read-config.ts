/**
 * The configuration of a server or a worker: gathered from command line, environment and file, checked, and with where each
 * value came from.
 *
 * Throws `UsageError`: for each value that is wrong a sentence that names the place, what may stand there and what does.
 */
import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { closest } from "@volumark/engine";
import { UsageError } from "../cli/usage-error.ts";
import { systemErrorCode } from "../job/system-error.ts";
import { dataFolder } from "../store/data-folder.ts";
import { shownAddress } from "../store/postgres.ts";
import { CONFIG_OPTIONS, type ConfigKey, type ConfigOption, optionName, variableName } from "./options.ts";
import { type ConfigValues, configSchema } from "./schema.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What stood on the command line; undefined where the option was not given. `false` is a switch that was turned off. */
export type ConfigTexts = { readonly [Key in ConfigKey]?: string | boolean } & { readonly config?: string };

/** As `ConfigValues`, with what the machine decides where nothing was said. */
export interface Config extends ConfigValues {
  readonly data: string;
  readonly machine: string;
}

export type Source = "command line" | "environment" | "file" | "default";

export interface Setting {
  readonly key: ConfigKey;
  readonly option: string;
  /** For reading: without secrets. */
  readonly shown: string;
  readonly source: Source;
}

export interface ReadConfig {
  readonly config: Config;
  readonly settings: readonly Setting[];
  /** Sentences about what is probably a mistake. */
  readonly warnings: readonly string[];
}

/** Longer files are refused. */
const MOST_BYTES = 1024 * 1024;

export async function readConfig(
  texts: ConfigTexts,
  options: readonly ConfigOption[] = CONFIG_OPTIONS,
  env: Environment = process.env,
): Promise<ReadConfig> {
  const path = texts.config ?? env.VOLUMARK_CONFIG ?? "";
  if (texts.config === "") throw new UsageError("--config needs the path of a file");
  const file = path === "" ? {} : await readConfigFile(path);
  const problems = unknownKeys(file, path);
  const take = (option: ConfigOption, value: unknown, where: string, source: Source) => {
    const problem = problemOf(option, value, where);
    if (problem !== null) problems.push(problem);
    values[option.key] = value;
    sources[option.key] = source;
  };
  const values: Record<string, unknown> = {};
  const sources: Record<string, Source> = {};
  for (const option of options) {
    const { key } = option;
    const typed = texts[key as ConfigKey];
    const named = env[variableName(option)];
    // A switch with --no- is true unless it was typed.
    if (typed !== undefined && (option.kind !== "switch" || typed === !isOff(option))) {
      take(option, valueIn(option, String(typed)), optionName(option), "command line");
    } else if (named !== undefined && named !== "") {
      take(option, valueIn(option, named), variableName(option), "environment");
    } else if (Object.hasOwn(file, key)) {
      take(option, file[key], `--config ${path}: ${key}`, "file");
    }
  }
  if (problems.length > 0) throw new UsageError(...problems);
  const found = configSchema.parse(values);
  const config: Config = {
    ...found,
    data: found.data === null ? dataFolder(env) : resolve(found.data),
    machine: found.machine ?? hostname(),
  };
  const settings = options.map((option): Setting => {
    const key = option.key as ConfigKey;
    const name = option.kind === "switch" ? key : optionName(option);
    return { key, option: name, shown: shownValue(option, config), source: sources[key] ?? "default" };
  });
  return { config, settings, warnings: strangeVariables(env) };
}

function isOff(option: ConfigOption): boolean {
  return optionName(option).startsWith("--no-");
}

/** The value that a text means; what it can't be read as stays text, which the schema refuses. */
function valueIn({ kind }: ConfigOption, text: string): unknown {
  switch (kind) {
    case "whole":
      return /^\d+$/.test(text) ? Number(text) : text;
    case "number":
      return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
    case "list":
      return text.split(",").map((one) => one.trim());
    case "switch":
      return /^(?:on|true|yes|1)$/.test(text) ? true : /^(?:off|false|no|0)$/.test(text) ? false : text;
    default:
      return text;
  }
}

/** Null where it may stand there. */
function problemOf({ key }: ConfigOption, value: unknown, where: string): string | null {
  const result = configSchema.shape[key as ConfigKey].safeParse(value);
  if (result.success) return null;
  const [issue] = result.error.issues;
  const got = key === "database" ? "something else" : shortJson(value);
  return `${where} ${issue?.message ?? "is wrong"}, got ${got}`;
}

async function readConfigFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new UsageError(`--config ${path}: it has ${size} bytes, and ${MOST_BYTES} are read`);
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = systemErrorCode(error);
    const why =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "it is a folder"
          : `it can't be read (${error instanceof Error ? error.message : error})`;
    throw new UsageError(`--config ${path}: ${why}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--config ${path}: it is not JSON (${error instanceof Error ? error.message : error})`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(`--config ${path}: it must be one JSON object, as {"port": 8440}`);
  }
  return value as Record<string, unknown>;
}

function unknownKeys(file: Readonly<Record<string, unknown>>, path: string): string[] {
  const keys = CONFIG_OPTIONS.map(({ key }) => key as string);
  return Object.keys(file).flatMap((key) => {
    if (keys.includes(key)) return [];
    const near = closest(key, keys);
    const hint = near === undefined ? `; there are ${keys.join(", ")}` : `; did you mean "${near}"?`;
    return [`--config ${path}: there is no key ${shortJson(key)}${hint}`];
  });
}

/** Variables that are nearly one of ours: most likely a slip, and nobody would see it. */
function strangeVariables(env: Environment): string[] {
  const names = [...CONFIG_OPTIONS.map(variableName), ...OTHER_VARIABLES];
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith("VOLUMARK_") || names.includes(name)) return [];
    const near = closest(name, names);
    return near === undefined ? [] : [`The variable ${name} is not known; did you mean ${near}?`];
  });
}

const OTHER_VARIABLES = ["VOLUMARK_CONFIG", "VOLUMARK_FAULT", "VOLUMARK_KEY", "VOLUMARK_STARTED_AS", "VOLUMARK_STORE"];

function shownValue({ key }: ConfigOption, config: Config): string {
  const value = config[key as ConfigKey];
  if (key === "database" && typeof value === "string") return shownAddress(value);
  if (key === "lanes" && value === null) return "one a processor";
  if (key === "log" && value === null) return "info, in a terminal warn";
  if (key === "grace") return `${value} s`;
  if (typeof value === "boolean") return value ? "on" : "off";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  return value === null ? "none" : String(value);
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
