/**
 * The project and a peer in turn, pair by pair, so that whatever slows the machine slows both.
 *
 * A side is `(repeats, pair) => { seconds, cpuSeconds, result }` for one repetition. Each turn repeats its work until it
 * has lasted a while; which side begins alternates. Both results of every pair are compared before its times count.
 */
import { spread } from "./spread.mjs";

/** A turn lasts at least this long, so that the clock and the caches do not decide. */
const TURN_SECONDS = 0.02;
const MOST_REPEATS = 2000;
/** Warm-up, at least: the compilers of both sides work while code is hot. */
const WARM_SECONDS = 0.4;
const PAIRS = { least: 5, most: 25, seconds: 15 };

/** Both sides did not do the same work: their times must not be compared. */
export class NotAlike extends Error {}

/** A side in this process. `work(turn)` is repeated, `turn` counting down to 0, and its last result is the result. */
export function ownSide(work) {
  return (repeats, pair) => {
    const cpu = process.cpuUsage();
    const start = process.hrtime.bigint();
    let result;
    for (let turn = repeats - 1; turn >= 0; turn--) result = work(turn, pair);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9 / repeats;
    const { user, system } = process.cpuUsage(cpu);
    return { seconds, cpuSeconds: (user + system) / 1e6 / repeats, result };
  };
}

/** A side in a peer's process; `given(pair)` are the arguments of its call. */
export function peerSide(conversation, call, given = () => ({})) {
  return (repeats, pair) => conversation.ask(call, given(pair), repeats);
}

/**
 * `{ project, peer, ratio }`; times in seconds, `ratio` = the peer's time over the project's. `alike(own, theirs)` throws
 * `NotAlike` where results differ; `pairs` may change how many there are, and `cold` in it leaves out the warm-up; `measure` picks the figure (default the wall seconds).
 */
export async function alternate(project, peer, { alike, quick, pairs = {}, measure = (answer) => answer.seconds }) {
  const limits = quick ? { least: 1, most: 1, seconds: 0 } : { ...PAIRS, ...pairs };
  const once = quick || limits.cold;
  const sides = {
    project: { run: project, repeats: await warmUp(project, once) },
    peer: { run: peer, repeats: await warmUp(peer, once) },
  };
  const measured = { project: [], peer: [] };
  const results = {};
  const start = performance.now();
  for (let pair = 0; pair < limits.most; pair++) {
    for (const name of pair % 2 === 0 ? ["project", "peer"] : ["peer", "project"]) {
      results[name] = await sides[name].run(sides[name].repeats, pair);
    }
    alike(results.project.result, results.peer.result);
    for (const name of ["project", "peer"]) measured[name].push(measure(results[name]));
    if (pair + 1 >= limits.least && performance.now() - start > limits.seconds * 1000) break;
  }
  const ratios = measured.project.map((own, i) => measured.peer[i] / own);
  return {
    project: { ...spread(measured.project), samples: measured.project, last: results.project.result },
    peer: { ...spread(measured.peer), samples: measured.peer, last: results.peer.result },
    ratio: { ...spread(ratios), samples: ratios },
  };
}

/** Runs a side until it is warm; how often to repeat it in a turn. What must stay cold is run once a turn, unwarmed. */
async function warmUp(side, once) {
  if (once) return 1;
  let { seconds } = await side(1, 0);
  let spent = seconds;
  while (spent < WARM_SECONDS) {
    const repeats = Math.min(MOST_REPEATS, Math.max(1, Math.ceil(WARM_SECONDS / 4 / Math.max(seconds, 1e-6))));
    ({ seconds } = await side(repeats, 0));
    spent += seconds * repeats;
  }
  return Math.min(MOST_REPEATS, Math.max(1, Math.ceil(TURN_SECONDS / Math.max(seconds, 1e-6))));
}
