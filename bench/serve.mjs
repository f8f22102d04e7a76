/**
 * What the service costs those who ask it and the run that it makes meanwhile: `npm run bench:serve`.
 *
 * A server in a process of its own makes a run on one lane: alone, while reading addresses are asked at a fixed rate, alone
 * again, and while its events are followed by many streams. Requests are sent when they are due, whether or not those before
 * have been answered, so that a server which stalls is not asked less meanwhile; how late this process itself was is told. Where
 * `taskset` is there, the process that makes the run has the first processor for itself, and the server and this generator
 * share the second: what the generator takes is then no longer the server's, and never the run's.
 */
import { execFileSync, fork } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compareRecords, formatBytes, formatShare, quantile, table } from "../packages/measure/dist/index.js";
import { ROUTES } from "../packages/volumark/dist/api/index.js";
import { describeMachine, loadText, otherLoad } from "./machine.mjs";
import { readOptions, refuse } from "./options.mjs";

const HELP = `node bench/serve.mjs [options]

  --rate <n>     requests a second (default: 500)
  --streams <n>  streams of events open at once (default: 1000)
  --passes <n>   passes of each run, and of the one that is followed twice as many (default: 60)
  --quick        few of each, to see that it works; its figures mean nothing
  --json <file>  the same as JSON`;

/** What must hold: of reading addresses, of memory with the streams open. */
const MOST_P99_MS = 20;
const MOST_STREAM_BYTES = 300e6;
/**
 * V8 starts four threads that help its garbage collector, whatever it may run on: held on one processor they take turns with
 * the thread that answers, 15 ms and more at a time. One helper, as docs/service.md advises for such a place.
 */
const ONE_HELPER = ["--v8-pool-size=1"];
/** Addresses that are read, with what stands for their parameters. Files of a run come from the store, whole. */
const READ = [
  ["listRuns", () => "?limit=20"],
  ["getRun"],
  ["system"],
  ["listPresets"],
  ["history"],
  ["readiness"],
  ["health"],
  ["runAnimation"],
  ["runFrame"],
  ["metrics"],
];
const SETTINGS = { scene: "seed", dimension: 48, width: 320, height: 240, frames: 30, fps: 30 };
const FINISHED_BEFORE = 5;
const MOST_SOCKETS = 64;
/** Connections that are opened at once. */
const STREAM_BATCH = 50;

const text = { type: "string" };
const options = readOptions({ rate: text, streams: text, passes: text }, HELP);
const { quick } = options;
const count = (name, usual, few) => {
  const given = options[name] ?? String(quick ? few : usual);
  if (!/^[1-9]\d{0,4}$/.test(given)) refuse(`--${name} must be a whole number from 1 to 99999, got ${given}`);
  return Number(given);
};
const rate = count("rate", 500, 100);
const streams = count("streams", 1000, 50);
const passes = count("passes", 60, 6);

const about = await describeMachine();
const folder = mkdtempSync(join(tmpdir(), "volumark-serve-"));
const agent = new http.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS });
const server = await start();
try {
  const result = await measure();
  about.load.push(await otherLoad());
  report(result);
} finally {
  await server.close();
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  const before = [];
  for (let i = 0; i < FINISHED_BEFORE; i++) before.push(await finished(await submit({ frames: 10 }, {})));
  const targets = await answered(before.at(-1).id);
  const run = () => submit({}, { lanes: 1, passes });
  const record = async (id) => (await ask("GET", pathOf("runRecord", { id }))).json();

  const first = await finished(await run());
  const loaded = await run();
  await startedAt(loaded);
  const reading = await load(targets, () => ended(loaded));
  await finished(loaded);
  const again = await finished(await run());
  const quiet = [await record(first.id), await record(again.id)];

  const followed = await submit({}, { lanes: 1, passes: 2 * passes, pictures: true });
  await startedAt(followed);
  const following = await follow(followed);
  await finished(followed);
  const compared = (record, name) => summary(compareRecords({ record: quiet[0], name: "alone" }, { record, name }));
  return {
    pinned: server.pinned,
    reading,
    following,
    runs: {
      again: compared(quiet[1], "alone again"),
      loaded: compared(await record(loaded), "asked"),
      followed: compared(await record(followed), "followed"),
    },
  };
}

function summary({ total, stages }) {
  const of = ({ name, change, low, high, band, verdict }) => ({ name, change, low, high, band, verdict: verdict.kind });
  return { total: of(total), stages: stages.map(of) };
}

/** Starts the server, on the second processor where it can be held there. */
async function start() {
  const entry = fileURLToPath(new URL("./serve-process.mjs", import.meta.url));
  const child = fork(entry, [folder], { execArgv: ONE_HELPER, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const gone = new Promise((_, reject) => child.once("exit", (code) => reject(new Error(`the server ended: ${code}`))));
  gone.catch(() => undefined);
  const message = (key) => {
    const said = new Promise((resolve) => {
      const hear = (words) => {
        if (!(key in words)) return;
        child.off("message", hear);
        resolve(words[key]);
      };
      child.on("message", hear);
    });
    return Promise.race([said, gone]);
  };
  const pinned =
    process.platform === "linux" && availableParallelism() > 1 && hold(process.pid, 1) && hold(child.pid, 1);
  const address = new URL(await message("address"));
  return {
    address,
    pid: child.pid,
    pinned,
    usage() {
      const told = message("usage");
      child.send("usage");
      return told;
    },
    close: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.send("close");
      }),
  };
}

/** Holds a process with its threads on one processor; false where that can't be done. */
function hold(pid, processor) {
  try {
    execFileSync("taskset", ["-a", "-p", "-c", String(processor), String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The processes that the server has started are held on the first processor. */
function holdRuns() {
  if (!server.pinned) return;
  for (const pid of childrenOf(server.pid)) hold(pid, 0);
}

function childrenOf(pid) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1).split(" ")[1]);
  } catch {
    // It has just ended.
    return null;
  }
}

/** One request: status, ms until the last byte. */
function ask(method, path, body) {
  const sentMs = performance.now();
  const { hostname, port } = server.address;
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const headers = sent === undefined ? {} : { "content-type": "application/json", "content-length": sent.length };
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, hostname, port, method, path, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const json = () => JSON.parse(bytes.toString("utf8"));
        resolve({ status: response.statusCode, ms: performance.now() - sentMs, bytes: bytes.length, json });
      });
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(sent);
  });
}

function pathOf(name, params) {
  return ROUTES[name].path.replace(/:(\w+)/g, (_, word) => params[word]);
}

async function submit(settings, given) {
  const body = { settings: { ...SETTINGS, ...settings }, options: given };
  const { status, json } = await ask("POST", ROUTES.submitRun.path, body);
  if (status !== 202) throw new Error(`submit: ${status} ${JSON.stringify(json())}`);
  return json().id;
}

async function viewOf(id) {
  return (await ask("GET", pathOf("getRun", { id }))).json();
}

async function ended(id) {
  return ["finished", "failed", "cancelled"].includes((await viewOf(id)).status);
}

/** Waits for its end; throws unless it is a good one. */
async function finished(id) {
  for (;;) {
    holdRuns();
    const view = await viewOf(id);
    if (view.status === "finished") return view;
    if (view.status === "failed" || view.status === "cancelled") throw new Error(`run ${id} ${view.status}`);
    await pause(100);
  }
}

/** Waits until frames are made. */
async function startedAt(id) {
  for (let view = await viewOf(id); view.status === "queued"; view = await viewOf(id)) await pause(20);
  for (let i = 0; i < 10; i++) {
    holdRuns();
    await pause(20);
  }
}

/** The addresses that this server has, each tried once. */
async function answered(id) {
  const found = [];
  for (const [name, more = () => ""] of READ) {
    const path = pathOf(name, { id, frame: 0 }) + more();
    const { status } = await ask("GET", path);
    if (status === 200) found.push({ name, path, ms: [], failed: 0 });
    else process.stderr.write(`${path} answered ${status} and is left out\n`);
  }
  return found;
}

/** Asks the targets in turn at the rate until the run has ended. */
async function load(targets, isOver) {
  const open = new Set();
  const [usage, own] = [await server.usage(), process.cpuUsage()];
  const beginMs = performance.now();
  const late = [];
  let sent = 0;
  let over = false;
  const watching = (async () => {
    while (!over) {
      over = await isOver();
      await pause(200);
    }
  })();
  while (!over) {
    const due = Math.floor(((performance.now() - beginMs) * rate) / 1000);
    for (; sent < due; sent++) {
      const target = targets[sent % targets.length];
      late.push(performance.now() - beginMs - (sent * 1000) / rate);
      const asked = ask("GET", target.path).then(
        ({ status, ms }) => {
          if (status === 200) target.ms.push(ms);
          else target.failed++;
        },
        () => {
          target.failed++;
        },
      );
      open.add(asked);
      asked.finally(() => open.delete(asked));
    }
    await pause(1);
  }
  await watching;
  await Promise.all(open);
  const seconds = (performance.now() - beginMs) / 1000;
  const [after, mine] = [await server.usage(), process.cpuUsage(own)];
  return {
    seconds,
    rate: sent / seconds,
    serverShare: (after.cpuMs - usage.cpuMs) / 1000 / seconds,
    generatorShare: (mine.user + mine.system) / 1e6 / seconds,
    still: after.still,
    late: spread(late),
    targets: targets.map(({ name, ms, failed }) => ({ name, ...spread(ms), failed })),
    all: { ...spread(targets.flatMap(({ ms }) => ms)), failed: targets.reduce((sum, { failed }) => sum + failed, 0) },
  };
}

function spread(ms) {
  const sorted = Float64Array.from(ms).sort();
  const at = (p) => (sorted.length > 0 ? quantile(sorted, p) : null);
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), worst: sorted.at(-1) ?? null };
}

/** Follows the run by many streams until it has ended. */
async function follow(id) {
  const usage = await server.usage();
  const beginMs = performance.now();
  const path = `${pathOf("runEvents", { id })}?pictures=true`;
  const all = [];
  let peakBytes = usage.rssBytes;
  for (let from = 0; from < streams; from += STREAM_BATCH) {
    const batch = Array.from({ length: Math.min(STREAM_BATCH, streams - from) }, () => stream(path));
    all.push(...batch);
    await Promise.all(batch.map(({ opened }) => opened));
    peakBytes = Math.max(peakBytes, (await server.usage()).rssBytes);
  }
  const openedMs = performance.now() - beginMs;
  const open = all.filter(({ seen }) => seen.status === 200).length;
  const early = all.filter(({ seen }) => seen.last).length;
  const answers = [];
  while (!(await ended(id))) {
    answers.push((await ask("GET", ROUTES.health.path)).ms);
    peakBytes = Math.max(peakBytes, (await server.usage()).rssBytes);
    await pause(50);
  }
  await Promise.race([Promise.all(all.map(({ closed }) => closed)), pause(20_000)]);
  const after = await server.usage();
  for (const { end } of all) end();
  return {
    streams,
    open,
    early,
    whole: all.filter(({ seen }) => seen.last).length,
    openedMs,
    events: all.reduce((sum, { seen }) => sum + seen.events, 0),
    bytes: all.reduce((sum, { seen }) => sum + seen.bytes, 0),
    beforeBytes: usage.rssBytes,
    peakBytes: Math.max(peakBytes, after.rssBytes),
    serverShare: (after.cpuMs - usage.cpuMs) / (performance.now() - beginMs),
    health: spread(answers),
  };
}

/** One stream on a bare socket, so that a thousand cost this process little. */
function stream(path) {
  const { hostname, port } = server.address;
  const socket = net.connect(Number(port), hostname);
  const seen = { status: null, events: 0, bytes: 0, last: false };
  socket.setEncoding("latin1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${server.address.host}\r\nAccept: text/event-stream\r\n\r\n`);
  let opened;
  const result = {
    seen,
    opened: new Promise((resolve) => {
      opened = resolve;
    }),
    closed: new Promise((resolve) => socket.once("close", resolve)),
    end: () => socket.destroy(),
  };
  socket.on("error", () => opened());
  socket.on("close", () => opened());
  socket.on("data", (chunk) => {
    seen.status ??= Number(/^HTTP\/1\.1 (\d+)/.exec(chunk)?.[1] ?? 0);
    seen.bytes += chunk.length;
    for (let at = chunk.indexOf("event: "); at >= 0; at = chunk.indexOf("event: ", at + 1)) {
      seen.events++;
      if (/^event: (finished|failed|cancelled)\b/.test(chunk.slice(at, at + 20))) {
        seen.last = true;
        socket.end();
      }
    }
    opened();
  });
  return result;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function report({ pinned, reading, following, runs }) {
  const right = { align: "right" };
  const ms = (value) => (value === null ? "-" : value.toFixed(1));
  const columns = ["", "answers", "p50 ms", "p99 ms", "worst ms", "failed"].map((title, i) => ({
    title,
    ...(i > 0 ? right : {}),
  }));
  const row = ({ name, count, p50, p99, worst, failed }) => [
    name,
    String(count),
    ms(p50),
    ms(p99),
    ms(worst),
    `${failed}`,
  ];
  const rows = [...reading.targets.map(row), row({ name: "all", ...reading.all })];
  const change = ({ total: { change, low, high, band, verdict } }) => [
    formatShare(change),
    low === null ? "-" : `${formatShare(low)} to ${formatShare(high)}`,
    `±${formatShare(band)}`,
    verdict,
  ];
  const held = (yes) => (yes ? "held" : "MISSED");
  const share = (part) => `${Math.round(100 * part)} %`;
  const lines = [
    `${reading.rate.toFixed(0)} requests a second for ${reading.seconds.toFixed(1)} s while a run is made on one lane; ` +
      `server ${share(reading.serverShare)}, generator ${share(reading.generatorShare)} of a processor; ` +
      `${pinned ? "both on one processor, the run on another" : "nothing is held on a processor"}`,
    "",
    ...table(columns, rows),
    "",
    `the server's event loop stood still for ${ms(reading.still.ms)} ms at most, and worked itself for ${ms(reading.still.cpuMs)} ms at most without a turn`,
    `requests were sent ${ms(reading.late.p50)} ms late (p99 ${ms(reading.late.p99)}, worst ${ms(reading.late.worst)}): this process's own doing`,
    `p99 at most ${MOST_P99_MS} ms: ${held(reading.all.p99 <= MOST_P99_MS && reading.all.failed === 0)}`,
    "",
    `${following.open} of ${following.streams} streams open after ${(following.openedMs / 1000).toFixed(1)} s ` +
      `(${following.early} of them had the run's last event by then), ${following.whole} got the last event; ` +
      `${following.events} events, ${formatBytes(following.bytes)}; server ${share(following.serverShare)} of a processor, ` +
      `health p99 ${ms(following.health.p99)} ms`,
    `memory of the server ${formatBytes(following.beforeBytes)} before, ${formatBytes(following.peakBytes)} at most: ` +
      `${held(following.whole === following.streams && following.peakBytes <= MOST_STREAM_BYTES)} (${formatBytes(MOST_STREAM_BYTES)})`,
    "",
    ...table(
      [{ title: "a pass, against alone" }, ...["change", "interval", "band", ""].map((title) => ({ title, ...right }))],
      [
        ["alone again", ...change(runs.again)],
        ["asked at the rate", ...change(runs.loaded)],
        ["followed by streams", ...change(runs.followed)],
      ],
    ),
    "",
    loadText(about.load, about.machine.processors),
  ];
  if (quick) lines.push("A quick pass: the figures mean nothing.");
  process.stdout.write(`${lines.join("\n")}\n`);
  if (options.json)
    writeFileSync(
      options.json,
      `${JSON.stringify({ schema: "volumark.serve/1", quick, ...about, rate, passes, pinned, reading, following, runs }, null, 1)}\n`,
    );
}
