/** The other end of `conversation.py`: a peer's process that stays, asked for one piece of work at a time. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** The peer could not do it; the message is what it said. */
export class PeerFailure extends Error {}

/** Environment of a peer: nothing that slows it down is handed on, and single-threaded where asked. */
export function peerEnvironment(extra = {}) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...extra };
  // Set by some hosts to suit another processor; either of them alone or both make numpy slower.
  delete env.OPENBLAS_CORETYPE;
  delete env.OPENBLAS_L2_SIZE;
  return env;
}

/** Environment for the rows that give one thread to each side. */
export const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", LP_NUM_THREADS: "0" };

export class Conversation {
  #child;
  #lines;
  #said = "";
  #broken = null;

  constructor(command, words, env) {
    this.#child = spawn(command, words, { env, stdio: ["pipe", "pipe", "pipe"] });
    this.#child.on("error", (error) => {
      this.#broken = error.message;
    });
    this.#child.stdin.on("error", (error) => {
      this.#broken ??= error.message;
    });
    this.#child.stderr.on("data", (data) => {
      this.#said = (this.#said + data).slice(-4000);
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** `{ seconds, cpuSeconds, result }` of one repetition. Throws `PeerFailure`. */
  async ask(call, given = {}, repeats = 1) {
    this.#child.stdin.write(`${JSON.stringify({ call, arguments: given, repeats })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new PeerFailure(`${call}: the process ended. ${this.#broken ?? this.#said.trim().slice(-500)}`);
    const answer = parse(call, value);
    if (answer.error) throw new PeerFailure(`${call}: ${answer.error}`);
    return answer;
  }

  /** Ends the process and waits for that. */
  async close() {
    const ended =
      this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined
        ? Promise.resolve()
        : new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(timer);
  }
}

function parse(call, line) {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new PeerFailure(`${call}: the answer is not JSON (${error.message}): ${line.slice(0, 200)}`);
  }
}
