/**
 * Every setting of `volumark serve` and `volumark worker`: its key in the configuration file, its option, its environment
 * variable. What a value may be stands in `schema.ts`; here is no library, so that help loads none.
 *
 * Strongest first: command line, environment, configuration file, default.
 */
export type OptionKind = "text" | "whole" | "number" | "bytes" | "list" | "switch";

export interface ConfigOption {
  /** In the configuration file. */
  readonly key: string;
  /** As the help has it; a switch that begins with --no- is on unless it is given. */
  readonly flags: string;
  readonly kind: OptionKind;
  readonly text: string;
}

const WHERE = [
  { key: "host", flags: "--host <name>", kind: "text", text: "address to listen on (default: 127.0.0.1)" },
  { key: "port", flags: "--port <n>", kind: "whole", text: "port, 0 to 65535; 0 takes a free one (default: 8440)" },
  {
    key: "allowedHosts",
    flags: "--allowed-hosts <names>",
    kind: "list",
    text: "names of this server that browsers may use, separated by commas (default: its address, localhost)",
  },
  {
    key: "allowedOrigins",
    flags: "--allowed-origins <origins>",
    kind: "list",
    text: "other pages that may ask this server, as https://name:port, separated by commas (default: none)",
  },
  { key: "requireKeys", flags: "--require-keys", kind: "switch", text: "ask for keys on the loopback, too" },
] as const satisfies readonly ConfigOption[];

const KEPT_IN = [
  {
    key: "data",
    flags: "--data <folder>",
    kind: "text",
    text: "folder of the embedded database and of files under way (default: your data folder)",
  },
  {
    key: "database",
    flags: "--database <url>",
    kind: "text",
    text: "a Postgres database in place of the embedded one: postgres://user:password@host:port/name",
  },
] as const satisfies readonly ConfigOption[];

const WORK = [
  {
    key: "lanes",
    flags: "--lanes <n>",
    kind: "whole",
    text: "lanes of runs that ask for none, 1 to 256 (default: one a processor)",
  },
  {
    key: "machine",
    flags: "--machine <label>",
    kind: "text",
    text: "label of this machine, for which runs can ask (default: its name)",
  },
  {
    key: "grace",
    flags: "--grace <s>",
    kind: "number",
    text: "seconds that the run under way has to end when this shuts down, 0 to 3600 (default: 10)",
  },
] as const satisfies readonly ConfigOption[];

const NO_WORKER = [
  { key: "worker", flags: "--no-worker", kind: "switch", text: "make no runs here: volumark worker does" },
] as const satisfies readonly ConfigOption[];

const LOG = [
  {
    key: "log",
    flags: "--log <level>",
    kind: "text",
    text: "JSON lines on standard output: silent, error, warn, info or debug (default: info, in a terminal warn)",
  },
] as const satisfies readonly ConfigOption[];

const KEEP = [
  { key: "keepDays", flags: "--keep-days <n>", kind: "number", text: "remove runs that are older, 0.01 to 36500 days" },
  { key: "keepRuns", flags: "--keep-runs <n>", kind: "whole", text: "keep the newest so many, 0 to 10000000" },
  {
    key: "keepBytes",
    flags: "--keep-bytes <size>",
    kind: "bytes",
    text: "keep the newest that fit into so much: 500MB, 20GB",
  },
] as const satisfies readonly ConfigOption[];

const LIMITS = [
  { key: "mostQueued", flags: "--most-queued <n>", kind: "whole", text: "runs that wait (default: 1000)" },
  { key: "mostNodes", flags: "--most-nodes <n>", kind: "whole", text: "nodes of a scene (default: 2000)" },
  { key: "mostDimension", flags: "--most-dimension <n>", kind: "whole", text: "dimension (default: 512)" },
  { key: "mostFrames", flags: "--most-frames <n>", kind: "whole", text: "frames of a run (default: 10000)" },
  { key: "mostPixels", flags: "--most-pixels <n>", kind: "whole", text: "width times height (default: 8847360)" },
  { key: "mostPasses", flags: "--most-passes <n>", kind: "whole", text: "passes of a run (default: 1000)" },
  {
    key: "mostSeconds",
    flags: "--most-seconds <s>",
    kind: "number",
    text: "estimated work of a run, seconds of one lane (default: 3600)",
  },
  { key: "mostBodyBytes", flags: "--most-body-bytes <size>", kind: "bytes", text: "a request (default: 1048576)" },
  {
    key: "mostRecordBytes",
    flags: "--most-record-bytes <size>",
    kind: "bytes",
    text: "a record that is brought in (default: 67108864)",
  },
  { key: "mostStreams", flags: "--most-streams <n>", kind: "whole", text: "open event streams (default: 2000)" },
  {
    key: "requestsPerMinute",
    flags: "--requests-per-minute <n>",
    kind: "whole",
    text: "requests of one key or address (default: 60000)",
  },
] as const satisfies readonly ConfigOption[];

export interface OptionGroup {
  readonly title: string;
  readonly options: readonly ConfigOption[];
}

const ALL = [...WHERE, ...KEPT_IN, ...WORK, ...NO_WORKER, ...KEEP, ...LIMITS, ...LOG] as const;
export type ConfigKey = (typeof ALL)[number]["key"];
/** All of them. */
export const CONFIG_OPTIONS: readonly (ConfigOption & { readonly key: ConfigKey })[] = ALL;

export const SERVE_GROUPS: readonly OptionGroup[] = [
  { title: "Where it is reached:", options: WHERE },
  { title: "Where runs are kept:", options: KEPT_IN },
  { title: "How runs are made:", options: [...WORK, ...NO_WORKER] },
  { title: "What is kept (default: everything; acknowledged runs stay):", options: KEEP },
  { title: "The most that is taken:", options: LIMITS },
  { title: "What is logged:", options: LOG },
];

export const WORKER_GROUPS: readonly OptionGroup[] = [
  { title: "Where the queue is:", options: KEPT_IN },
  { title: "How runs are made:", options: WORK },
];

export const KEPT_IN_OPTIONS: readonly ConfigOption[] = KEPT_IN;
export const KEEP_OPTIONS: readonly ConfigOption[] = KEEP;

/** `--keep-days` of `--keep-days <n>`. */
export function optionName({ flags }: ConfigOption): string {
  return flags.split(" ", 1)[0]!;
}

/** `VOLUMARK_KEEP_DAYS` of `keepDays`. */
export function variableName({ key }: ConfigOption): string {
  return `VOLUMARK_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
