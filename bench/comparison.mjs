/** What every row of the comparison is given, and the list of results it adds to. */
import { formatDuration } from "../packages/measure/dist/index.js";
import { alternate, NotAlike } from "./alternate.mjs";
import { Conversation, PeerFailure, peerEnvironment } from "./peers/conversation.mjs";

/** A peer that is not there; the message is the reason. */
class PeerMissing extends Error {}

const script = (name) => new URL(`peers/${name}`, import.meta.url).pathname;

export class Comparison {
  results = [];
  skipped = [];
  failures = [];
  #conversations = new Map();

  constructor({ peers, quick, temporary, say }) {
    this.peers = peers;
    this.quick = quick;
    this.temporary = temporary;
    this.say = say;
  }

  /** The process of a script in `bench/peers`, started when first asked for. Throws where Python is missing. */
  python(name, env = {}, words = []) {
    this.need("numpy");
    return this.#open(`${name} ${JSON.stringify(env)}`, this.peers.python, [script(`${name}.py`), ...words], env);
  }

  npm() {
    this.need("gifenc");
    return this.#open("npm", process.execPath, [script("npm-peer.mjs"), this.peers.npm], {});
  }

  /** The process of fidget, without arguments: how many threads it uses is said to it. */
  fidget() {
    return this.#open("fidget", this.program("fidget"), [], {});
  }

  /** The path of a program, or of a Python script with its interpreter. */
  program(name) {
    this.need(name);
    return this.peers.programs[name];
  }

  scriptPath(name) {
    this.need("numpy");
    return script(name);
  }

  /** Environment that every process of a peer gets. */
  environment(extra = {}) {
    return peerEnvironment({ WARP_CACHE_PATH: `${this.peers.home}/warp`, ...extra });
  }

  need(name) {
    const reason = this.peers.missing[name];
    if (reason) throw new PeerMissing(`${name}: ${reason}`);
  }

  /** Runs one part of a row. A missing peer is noted, a failed one and unlike work too, and the rest goes on. */
  async part(what, run) {
    this.say(`  ${what}`);
    try {
      await run();
    } catch (error) {
      if (error instanceof PeerMissing) this.skipped.push({ what, reason: error.message });
      else if (error instanceof NotAlike) this.failures.push({ what, reason: `not the same work: ${error.message}` });
      else if (error instanceof PeerFailure) this.failures.push({ what, reason: error.message });
      else throw error;
    }
  }

  /** Leaves a part out, for a reason that is not a missing peer. */
  skip(what, reason) {
    this.skipped.push({ what, reason });
  }

  /** A ratio of times: how many times as long as the project the peer takes. */
  async compare({ what, goal = null, project, peer, alike = sameCounts, pairs, measure, note }) {
    await this.part(what, async () => {
      const sides = { project: await project(), peer: await peer() };
      const made = await alternate(sides.project, sides.peer, { alike, quick: this.quick, pairs, measure });
      this.add({
        what,
        project: formatDuration(made.project.median * 1e9),
        peer: formatDuration(made.peer.median * 1e9),
        value: made.ratio.median,
        unit: "×",
        p25: made.ratio.p25,
        p75: made.ratio.p75,
        goal,
        counts: made.peer.last,
        note,
        samples: { project: made.project.samples, peer: made.peer.samples },
      });
    });
  }

  /** Any other figure, beside what the peer reaches where there is one. */
  add(result) {
    const { value, goal } = result;
    const reached = goal === null ? null : goal.atLeast === undefined ? value <= goal.atMost : value >= goal.atLeast;
    this.results.push({ ...result, reached });
  }

  /** A figure that only counts if it comes from the same work. */
  fail(what, reason) {
    this.failures.push({ what, reason });
  }

  async close() {
    for (const conversation of this.#conversations.values()) await conversation.close();
    this.#conversations.clear();
  }

  #open(key, command, words, env) {
    let conversation = this.#conversations.get(key);
    if (!conversation) {
      conversation = new Conversation(command, words, this.environment(env));
      this.#conversations.set(key, conversation);
    }
    return conversation;
  }
}

/** Throws unless both meshes have the same vertices and triangles. */
export function sameCounts(own, theirs) {
  if (own.vertices === theirs.vertices && own.triangles === theirs.triangles) return;
  throw new NotAlike(
    `${own.vertices} vertices and ${own.triangles} triangles here, ${theirs.vertices} and ${theirs.triangles} there`,
  );
}

/** Throws unless both have the same triangles: for peers that do not share vertices. */
export function sameTriangles(own, theirs) {
  if (own.triangles === theirs.triangles) return;
  throw new NotAlike(`${own.triangles} triangles here, ${theirs.triangles} there`);
}
