/** What each setting may be. The configuration file is checked by this as it is; text from elsewhere becomes a value first. */
import * as z from "zod";
import { OPTION_RANGES } from "../api/ranges.ts";
import { QUEUE_DEFAULTS } from "../queue/queue.ts";
import { SERVER_LIMITS } from "../server/limits.ts";
import type { ConfigKey } from "./options.ts";

const whole = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

const number = (least: number, most: number) => {
  const error = `must be a number from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
};

const BYTES = /^(\d+(?:\.\d+)?)\s*(k|M|G|T)?(i)?B?$/;
const POWERS: Readonly<Record<string, number>> = { k: 1, M: 2, G: 3, T: 4 };

/** `1500000`, `500MB`, `2 GiB`: powers of 1000, or of 1024 with an i. NaN for anything else. */
export function readBytes(text: string): number {
  const [, digits = "", letter = "", binary] = BYTES.exec(text.trim()) ?? [];
  if (digits === "" || (binary && letter === "")) return Number.NaN;
  return Math.round(Number(digits) * (binary ? 1024 : 1000) ** (POWERS[letter] ?? 0));
}

const bytes = (least: number) => {
  const error = `must be a size like 500MB or 2GiB, ${least} bytes or more`;
  const size = z.int({ error }).min(least, { error });
  return z.union([size, z.string().transform(readBytes).pipe(size)], { error });
};

const text = (most: number) => {
  const error = `must be text of 1 to ${most} characters without control characters`;
  return z
    .string({ error })
    .min(1, { error })
    .max(most, { error })
    .refine((value) => !/\p{Cc}/u.test(value), { error });
};

const HOST = "must be a host name or an address, without http:// and without a port";
const host = z.string({ error: HOST }).regex(/^(?:[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9]+)?)$/, HOST);

const HOSTS = "must be names such as bench.example.org or bench.example.org:8440";
const hostHeader = z.string({ error: HOSTS }).regex(/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/, HOSTS);

const ORIGINS = "must be origins such as https://bench.example.org:8443, without a path";
const origin = z.string({ error: ORIGINS }).refine((value) => isOrigin(value), ORIGINS);

const DATABASE = "must be postgres://user:password@host:port/name";
const database = z
  .string({ error: DATABASE })
  .refine((value) => /^postgres(?:ql)?:\/\/[^/?#]/.test(value) && URL.canParse(value), DATABASE);

const ON_OFF = "must be on or off";
const LOG = "must be silent, error, warn, info or debug";

const many = (one: z.ZodType<string>, error: string) => z.array(one, { error }).max(100, { error });

/** The keys of the configuration file; none is needed. */
export const configSchema = z.strictObject({
  host: host.default("127.0.0.1"),
  port: whole(0, 65_535).default(8440),
  allowedHosts: many(hostHeader, HOSTS).default([]),
  allowedOrigins: many(origin, ORIGINS).default([]),
  requireKeys: z.boolean({ error: ON_OFF }).default(false),
  data: text(4000).nullable().default(null),
  database: database.nullable().default(null),
  lanes: whole(1, 256).nullable().default(null),
  machine: text(100).nullable().default(null),
  grace: number(0, 3600).default(10),
  worker: z.boolean({ error: ON_OFF }).default(true),
  keepDays: number(0.01, 36_500).nullable().default(null),
  keepRuns: whole(0, 10_000_000).nullable().default(null),
  keepBytes: bytes(0).nullable().default(null),
  mostQueued: whole(1, 1_000_000).default(QUEUE_DEFAULTS.mostQueued),
  mostNodes: whole(1, 100_000).default(SERVER_LIMITS.mostNodes),
  mostDimension: whole(4, 2048).default(SERVER_LIMITS.mostDimension),
  mostFrames: whole(1, 100_000).default(SERVER_LIMITS.mostFrames),
  mostPixels: whole(1, 4096 * 4096).default(SERVER_LIMITS.mostPixels),
  mostPasses: whole(...OPTION_RANGES.passes).default(SERVER_LIMITS.mostPasses),
  mostSeconds: number(1, 10_000_000).default(SERVER_LIMITS.mostSeconds),
  mostBodyBytes: bytes(1024).default(SERVER_LIMITS.mostBodyBytes),
  mostRecordBytes: bytes(1024).default(SERVER_LIMITS.mostRecordBytes),
  mostStreams: whole(1, 100_000).default(SERVER_LIMITS.mostStreams),
  requestsPerMinute: whole(1, 10_000_000).default(SERVER_LIMITS.requestsPerMinute),
  log: z.enum(["silent", "error", "warn", "info", "debug"], { error: LOG }).nullable().default(null),
} satisfies Record<ConfigKey, z.ZodType>);

export type ConfigValues = z.output<typeof configSchema>;

function isOrigin(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value;
}
