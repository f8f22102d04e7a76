/**
 * A server to be attacked: the built program in a process and a folder of its own, with files around its data folder that
 * must stay as they are, and sockets that send what no client would.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { problemSchema } from "../packages/volumark/src/api/problem.ts";

export const PROGRAM = fileURLToPath(new URL("../packages/volumark/dist/bundle/main.js", import.meta.url));

/** Stands in a file beside the data folder: no answer may have it. */
export const SECRET = "this-stands-outside-of-the-data-folder";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of the problem; null where the answer is none. */
  readonly code: string | null;
}

export interface AttackedServer {
  readonly port: number;
  readonly folder: string;
  /** Of an address of this server, by fetch. */
  ask(path: string, init?: RequestInit): Promise<Answer>;
  /** Sends these bytes as they are and reads one answer. */
  send(request: string | Uint8Array): Promise<Answer>;
  /** A connection; the caller closes it. */
  connect(): Promise<Socket>;
  /** What is wrong with the server now: dead, out of bounds, or files outside its folder. Empty where all is well. */
  wounds(): Promise<string[]>;
  end(): Promise<void>;
}

/** Beyond what it has after its first answers. */
const MORE_MEMORY_MB = 200;
const ANSWER_MS = 10_000;

/** Starts it; `words` are further options of `volumark serve`. `before` may put something into its data folder. */
export async function startAttacked(
  words: readonly string[] = [],
  before: (data: string, run: (words: readonly string[]) => Promise<string>) => Promise<void> = async () => undefined,
): Promise<AttackedServer> {
  const folder = await mkdtemp(join(tmpdir(), "volumark-attacks-"));
  const at = (name: string) => join(folder, name);
  for (const name of ["data", "home", "tmp", "cwd"]) await mkdir(at(name));
  await writeFile(at("secret.txt"), SECRET);
  await writeFile(at("home/runs.db"), SECRET);
  const env = { PATH: process.env.PATH ?? "", HOME: at("home"), TMPDIR: at("tmp"), VOLUMARK_DATA: at("data") };
  const options = { cwd: at("cwd"), env } as const;
  await before(at("data"), (run) => outputOf(spawn(process.execPath, [PROGRAM, ...run], options)));
  const child = spawn(process.execPath, [PROGRAM, "serve", "--port", "0", "--no-worker", ...words], options);
  const port = await portOf(child);
  const outside = await filesOutside(folder);
  const url = `http://127.0.0.1:${port}`;
  const server = { port, folder };

  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${url}${path}`, { redirect: "manual", ...init });
    const body = await response.text();
    return answerOf(response.status, Object.fromEntries(response.headers), body);
  }

  await ask("/healthz");
  await ask("/api/runs");
  const memory = await memoryMb(child);
  return {
    ...server,
    ask,
    connect: () => open(port),
    async send(request) {
      const socket = await open(port);
      try {
        socket.write(request);
        return await readAnswer(socket);
      } finally {
        socket.destroy();
      }
    },
    async wounds() {
      const found: string[] = [];
      if (child.exitCode !== null || child.signalCode !== null)
        return [`it has ended (${child.exitCode ?? child.signalCode})`];
      const { status } = await ask("/healthz");
      if (status !== 200) found.push(`/healthz says ${status}`);
      const now = await memoryMb(child);
      if (now > memory + MORE_MEMORY_MB) found.push(`it has ${now} MB, and had ${memory} MB`);
      const files = await filesOutside(folder);
      if (JSON.stringify(files) !== JSON.stringify(outside)) found.push(`files: ${outside} became ${files}`);
      return found;
    },
    async end() {
      child.kill("SIGTERM");
      await new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve(null)));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Reads an answer to its end. Rejects where the connection is closed without one, or nothing comes. */
export function readAnswer(socket: Socket, ms = ANSWER_MS): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms: ${bytes}`)), ms);
    const end = (error: Error | null) => {
      const answer = parse(bytes, true);
      if (answer === null && error === null) return;
      clearTimeout(timer);
      if (answer) resolve(answer);
      else reject(error);
    };
    socket.on("data", (piece) => {
      bytes = Buffer.concat([bytes, Buffer.from(piece)]);
      if (parse(bytes, false)) end(null);
    });
    socket.on("error", (error) => end(error));
    socket.on("close", () => end(new Error(`closed without an answer: ${bytes}`)));
  });
}

function parse(bytes: Buffer, closed: boolean): Answer | null {
  const split = bytes.indexOf("\r\n\r\n");
  if (split < 0) return null;
  const [first = "", ...lines] = bytes.subarray(0, split).toString("latin1").split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const body = bytes.subarray(split + 4);
  const length = headers["content-length"];
  const whole = length !== undefined ? body.length >= Number(length) : body.toString("latin1").endsWith("0\r\n\r\n");
  if (!whole && !closed) return null;
  return answerOf(Number(first.split(" ")[1]), headers, body.toString("utf8"));
}

function answerOf(status: number, headers: Readonly<Record<string, string>>, body: string): Answer {
  const isProblem = headers["content-type"]?.startsWith("application/problem+json") ?? false;
  return { status, headers, body, code: isProblem && body !== "" ? problemSchema.parse(JSON.parse(body)).code : null };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
  });
}

async function portOf(child: ChildProcess): Promise<number> {
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8");
  return new Promise((resolve, reject) => {
    const hear = (text: string) => {
      said += text;
      const port = /http:\/\/[^\s:]+:(\d+)\//.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.on("exit", (code) => reject(new Error(`volumark serve ended with ${code}: ${said}`)));
  });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout?.on("data", (piece) => {
    text += piece;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`the program ended with ${code}`);
  return text;
}

/** Resident memory; on Linux only, elsewhere 0. */
async function memoryMb({ pid }: ChildProcess): Promise<number> {
  if (process.platform !== "linux") return 0;
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}

/** Every file but those of the data folder, with what is in the secret ones. */
async function filesOutside(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const outside = names.filter((name) => !/^data(\/|\\|$)/.test(name)).sort();
  return [...outside, await readFile(join(folder, "secret.txt"), "utf8")];
}
