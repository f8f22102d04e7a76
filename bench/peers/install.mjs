/**
 * Puts the peers into a folder of their own, pinned, or says of each why it is not there.
 *
 * ```
 *   $PEERS_HOME  (default .cache/peers)
 *     venv/      Python packages
 *     npm/       npm packages
 *     warp/      kernels that Warp has compiled
 *     fidget/    what cargo makes of bench/peers/fidget, and the hash of the sources that it was made of
 * ```
 * What is there with the right version is left alone: a second run downloads nothing.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { root } from "../machine.mjs";

const PYTHON_PACKAGES = {
  numpy: "2.4.6",
  "warp-lang": "1.19.0",
  vtk: "9.7.2",
  "scikit-image": "0.26.0",
  PyMCubes: "0.1.6",
  pillow: "13.0.0",
};
const NPM_PACKAGES = { isosurface: "1.0.0", gifenc: "1.0.3" };
/** Programs that are used where they are on the PATH, and how each tells its version. */
const PROGRAMS = { ffmpeg: ["-version"], gifski: ["--version"] };

/** The sources of the Rust peer; the lock file pins everything that it is made of. */
const RUST_SOURCES = ["Cargo.toml", "Cargo.lock", "src/main.rs"];

/** Where the peers are. Relative paths are relative to the working folder. */
export function peersHome() {
  return resolve(process.env.PEERS_HOME ?? join(root, ".cache/peers"));
}

/**
 * `{ home, python, npm, programs, versions, missing }`: the interpreter, the folder of the npm packages, the programs'
 * paths (each null where it is missing), and for whatever is missing its reason. Without `build`, what takes minutes to
 * compile is used where it is there already.
 */
export function installPeers(say, { build }) {
  const home = peersHome();
  mkdirSync(home, { recursive: true });
  const missing = {};
  const versions = {};
  const attempt = (names, make) => {
    try {
      return make();
    } catch (error) {
      for (const name of names) missing[name] = reasonOf(error);
      return null;
    }
  };
  const python = attempt(Object.keys(PYTHON_PACKAGES), () => installPython(home, say, versions));
  const npm = attempt(Object.keys(NPM_PACKAGES), () => installNpm(home, say, versions));
  const programs = {};
  for (const [name, words] of Object.entries(PROGRAMS)) {
    programs[name] = findProgram(name);
    if (programs[name] === null) missing[name] = "not on the PATH";
    else versions[name] = attempt([name], () => firstLine(execFileSync(programs[name], words, { encoding: "utf8" })));
    if (missing[name]) programs[name] = null;
  }
  programs.fidget = attempt(["fidget"], () => installFidget(home, say, versions, build));
  return { home, python, npm, programs, versions, missing };
}

function installPython(home, say, versions) {
  const venv = join(home, "venv");
  const python = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  if (!existsSync(python)) {
    say("making an environment for the Python peers (once)");
    execFileSync("python3", ["-m", "venv", venv], { stdio: "pipe" });
  }
  let found = pythonVersions(python);
  const wanted = Object.entries(PYTHON_PACKAGES).filter(([name, version]) => found[name] !== version);
  if (wanted.length > 0) {
    say(`installing ${wanted.map(([name]) => name).join(", ")} (once)`);
    const words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
    execFileSync(python, [...words, ...wanted.map(([name, version]) => `${name}==${version}`)], { stdio: "pipe" });
    found = pythonVersions(python);
  }
  Object.assign(versions, found);
  return python;
}

function pythonVersions(python) {
  const program = [
    "import importlib.metadata as m, json, platform, sys",
    "found = {'python': platform.python_version()}",
    "for name in sys.argv[1:]:",
    "    try: found[name] = m.version(name)",
    "    except m.PackageNotFoundError: pass",
    "print(json.dumps(found))",
  ].join("\n");
  return JSON.parse(execFileSync(python, ["-c", program, ...Object.keys(PYTHON_PACKAGES)], { encoding: "utf8" }));
}

function installNpm(home, say, versions) {
  const folder = join(home, "npm");
  const versionOf = (name) => {
    const file = join(folder, "node_modules", name, "package.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).version : undefined;
  };
  const wanted = Object.entries(NPM_PACKAGES).filter(([name, version]) => versionOf(name) !== version);
  if (wanted.length > 0) {
    mkdirSync(folder, { recursive: true });
    say(`installing ${wanted.map(([name]) => name).join(", ")} (once)`);
    const words = ["install", "--prefix", folder, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    // All of them in one call: an installation without a saved list would remove the ones that it does not name.
    const all = Object.entries(NPM_PACKAGES).map(([name, version]) => `${name}@${version}`);
    execFileSync("npm", [...words, "--loglevel=error", ...all], { stdio: "pipe", shell: process.platform === "win32" });
  }
  for (const name of Object.keys(NPM_PACKAGES)) versions[name] = versionOf(name);
  return folder;
}

/** Built once for each state of its sources. */
function installFidget(home, say, versions, build) {
  const source = join(root, "bench/peers/fidget");
  const folder = join(home, "fidget");
  const program = join(folder, "release", process.platform === "win32" ? "fidget-peer.exe" : "fidget-peer");
  const stamp = join(folder, "sources.sha256");
  const hash = createHash("sha256");
  for (const name of RUST_SOURCES) hash.update(readFileSync(join(source, name)));
  const wanted = hash.digest("hex");
  const upToDate = existsSync(program) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (!upToDate) {
    const cargo = findProgram("cargo");
    if (cargo === null) throw new Error("not built, and cargo is not on the PATH");
    if (!build) throw new Error("not built yet, which takes minutes and a quick pass leaves out; --build builds it");
    say("building fidget (once, takes minutes)");
    const words = ["build", "--release", "--locked", "--quiet", "--target-dir", folder];
    execFileSync(cargo, words, { cwd: source, stdio: "pipe" });
    writeFileSync(stamp, wanted);
  }
  const lock = readFileSync(join(source, "Cargo.lock"), "utf8");
  versions.fidget = /name = "fidget"\r?\nversion = "(.+)"/.exec(lock)[1];
  return program;
}

function findProgram(name) {
  const endings = process.platform === "win32" ? [".exe", ""] : [""];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const ending of endings)
      if (folder && existsSync(join(folder, name + ending))) return join(folder, name + ending);
  }
  return null;
}

function reasonOf(error) {
  const said = String(error.stderr ?? "").trim();
  return said === "" ? error.message : said.split("\n").slice(-2).join(" ");
}

function firstLine(text) {
  return text.split("\n")[0].trim();
}
