/**
 * Makes a clone ready: dependencies installed, kernels and packages built. What is up to date is skipped.
 *
 * Each step leaves a stamp, the hash of what went into it, inside `node_modules`; a step runs when its stamp differs.
 * Two set-ups at once take turns. No dependency may need an install script.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const LEAST_NODE = [20, 19];
/** Compiled one by one; the page is built from its sources as a whole. */
const COMPILED = ["engine", "measure", "volumark"];
const PACKAGES = [...COMPILED, "web"];
const OUTPUTS = [
  ...COMPILED.map((name) => `packages/${name}/dist/.tsbuildinfo`),
  "packages/volumark/dist/bundle/main.js",
  "packages/volumark/dist/web/index.html",
];

/** Installs and builds what is not up to date; ends the process with a sentence when a step fails. */
export function setUp() {
  checkNode();
  if (upToDate()) {
    // What was built as changes may have been committed since.
    if (read(stamps.source) !== null && JSON.parse(read(stamps.source)).commit !== headCommit()) stampSource();
    return;
  }
  const unlock = lock();
  try {
    install();
    build();
  } finally {
    unlock();
  }
}

function upToDate() {
  return read(stamps.install) === installHash() && read(stamps.build) === buildHash() && outputsExist();
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  fail(
    `Node ${LEAST_NODE.join(".")} or newer is needed, this is ${process.versions.node}. Install a newer Node and try again.`,
  );
}

const stamps = {
  install: join(root, "node_modules/.volumark-install"),
  build: join(root, "node_modules/.volumark-build"),
  /** Read by the program, which writes into the record what it was built from. */
  source: join(root, "packages/volumark/dist/source.json"),
};

function install() {
  if (read(stamps.install) === installHash()) return;
  say("installing dependencies (once)");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const ran = npm?.endsWith(".js")
    ? run(process.execPath, [npm, ...args])
    : run("npm", args, process.platform === "win32");
  if (!ran)
    fail("installing the dependencies failed (see above). Check the connection to the package registry and try again.");
  writeFileSync(stamps.install, installHash());
}

function build() {
  if (read(stamps.build) === buildHash() && outputsExist()) return;
  say("building (once)");
  for (const [what, args] of [
    ["the kernels", ["packages/engine/build-kernels.mjs"]],
    ["the packages", ["node_modules/typescript/bin/tsc", "-b", ...COMPILED.map((name) => `packages/${name}`)]],
    ["the record's schema", ["packages/measure/build-schema.mjs"]],
    ["the program", ["scripts/bundle.mjs"]],
    ["the page", ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", "packages/web"]],
    ["what is sent of the page", ["scripts/compress-page.mjs"]],
  ]) {
    if (!run(process.execPath, args)) fail(`building ${what} failed (see above).`);
  }
  stampSource();
  writeFileSync(stamps.build, buildHash());
}

/** Leaves the commit that is built from, and whether what is built differs from it; nothing outside a git working tree. */
function stampSource() {
  rmSync(stamps.source, { force: true });
  const commit = headCommit();
  const changes = git(
    "status",
    "--porcelain",
    "--",
    ...PACKAGES.map((name) => `packages/${name}`),
    ":(exclude)*.test.ts",
  );
  if (commit === null || changes === null) return;
  writeFileSync(stamps.source, `${JSON.stringify({ commit, changed: changes !== "" })}\n`);
}

function headCommit() {
  return git("rev-parse", "HEAD");
}

function git(...args) {
  const { status, stdout } = spawnSync("git", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout.trim() : null;
}

function outputsExist() {
  return OUTPUTS.every((path) => existsSync(join(root, path)));
}

function installHash() {
  return hash(["package.json", "package-lock.json", ...PACKAGES.map((name) => `packages/${name}/package.json`)]);
}

function buildHash() {
  const files = ["package-lock.json", "tsconfig.base.json", "scripts/bundle.mjs"];
  for (const name of PACKAGES) {
    files.push(...sources(`packages/${name}`));
  }
  return hash(files);
}

function sources(folder) {
  const found = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name !== "dist" && entry.name !== "node_modules" && entry.name !== "fixtures")
        found.push(...sources(path));
    } else if (
      /\.(tsx?|mjs|json|css|html)$/.test(entry.name) &&
      !/\.(test|generated)\.ts$|\.ts\.\d+$/.test(entry.name)
    ) {
      found.push(path);
    }
  }
  return found;
}

function hash(paths) {
  const digest = createHash("sha256").update(process.versions.modules);
  for (const path of paths.sort()) digest.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return digest.digest("hex");
}

/** One set-up at a time in this clone: a folder that only one process can create, with that process's number in it. */
function lock() {
  const folder = join(root, ".cache/setup.lock");
  const owner = join(folder, "pid");
  mkdirSync(join(root, ".cache"), { recursive: true });
  for (let told = false; ; ) {
    try {
      mkdirSync(folder);
      writeFileSync(owner, String(process.pid));
      return () => rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!alive(Number(read(owner) ?? 0), folder)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!told)
      say(`waiting for another set-up in this clone (remove ${relative(process.cwd(), folder)} if there is none)`);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

function alive(pid, folder) {
  if (!pid) return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 2000;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function read(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

function run(command, args, shell = false) {
  // What the tools print goes to standard error: standard output belongs to the job.
  return spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell }).status === 0;
}

function say(text) {
  process.stderr.write(`volumark: ${text}\n`);
}

function fail(text) {
  process.stderr.write(`volumark: ${text}\n`);
  process.exit(1);
}
