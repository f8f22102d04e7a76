/**
 * `volumark history`: the stored runs that did the same work on the same machine, in the order of time, with the steps in their
 * times.
 *
 * Only like is put beside like: the same settings, machine, lanes and back end, and runs of one pass apart from those of many,
 * whose times are warm.
 */
import { formatCounted, formatDuration, type History, historyOf, MISSING, sparkline, table } from "@volumark/measure";
import type { RunSummary, SeriesStage } from "../store/store.ts";
import { changeShare, clean, localTime, printOut, SHORT_ID, type StorePlace, withStore } from "./stored-runs.ts";
import type { Paint } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import { readChoice, readWhole } from "./values.ts";

export interface HistoryTexts extends StorePlace {
  readonly stage?: string;
  readonly preset?: string;
  readonly limit?: string;
  readonly allGroups?: boolean;
  readonly acknowledge?: string;
  readonly json?: boolean;
  readonly color?: boolean;
}

export const HISTORY_STAGES = [
  "total",
  "frame",
  "field",
  "surface",
  "picture",
  "convert",
  "encode",
] as const satisfies readonly SeriesStage[];
const SHOWN_DEFAULT = 30;
/** Runs that are looked at. */
const MOST_RUNS = 10_000;

/** Runs that may stand beside each other, the oldest first. */
interface Group {
  readonly key: string;
  readonly runs: readonly RunSummary[];
}

export async function historyCommand(texts: HistoryTexts, reason: string | undefined): Promise<number> {
  if (texts.acknowledge === undefined && reason !== undefined)
    throw new UsageError("history takes a reason only with --acknowledge and the id of a run");
  if (texts.acknowledge !== undefined) {
    if (reason === undefined)
      throw new UsageError(
        'history --acknowledge needs a reason after the id, as in --acknowledge 3fa9 "new compiler"',
      );
    return acknowledge(texts, texts.acknowledge, reason);
  }
  const stage = texts.stage === undefined ? "total" : readChoice("--stage", texts.stage, HISTORY_STAGES);
  const limit =
    texts.limit === undefined ? SHOWN_DEFAULT : readWhole("--limit", texts.limit, { least: 1, most: MOST_RUNS });
  return withStore(texts, async (store, paint, columns) => {
    const filter = texts.preset === undefined ? {} : { scene: texts.preset };
    const all = await store.list({ limit: MOST_RUNS, filter });
    const counted = all.filter((run) => run.source === "own" && run.status === "done" && nsOf(run, stage) !== null);
    const groups = groupsOf(counted);
    const [newest] = groups;
    if (texts.allGroups) return printOut([`${groupsText(groups, stage, paint)}\n`]);
    if (!newest) {
      if (texts.json) return printOut(["null\n"]);
      return printOut([paint("dim", `There is no finished run in ${store.path} yet; volumark bench makes one.\n`)]);
    }
    const found = historyOf(newest.runs.map((run) => nsOf(run, stage) ?? 0));
    if (texts.json) return printOut([`${JSON.stringify(historyJson(newest, stage, found), null, 2)}\n`]);
    const others = { leftOut: all.length - counted.length, groups: groups.length - 1 };
    return printOut([`${historyText(newest, { stage, found, limit, others, columns, paint })}\n`]);
  });
}

function acknowledge(texts: HistoryTexts, id: string, reason: string): Promise<number> {
  return withStore(texts, async (store) => {
    const whole = await store.acknowledge(id, reason);
    const what = reason.trim() === "" ? "is not acknowledged any more" : `is acknowledged: ${clean(reason.trim())}`;
    return printOut([`${whole} ${what}\n`]);
  });
}

function nsOf(run: RunSummary, stage: (typeof HISTORY_STAGES)[number]): number | null {
  const ns = run[`${stage}Ns`];
  return ns !== null && ns > 0 ? ns : null;
}

/** The group with the newest run first. `runs`: the newest first. */
function groupsOf(runs: readonly RunSummary[]): Group[] {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const passes = run.passes > 1 ? "many passes" : "one pass";
    const key = JSON.stringify([run.settingsHash, run.machine, run.lanes, run.backend, passes]);
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return [...groups].map(([key, members]) => ({ key, runs: members.reverse() }));
}

interface TextOptions {
  readonly stage: (typeof HISTORY_STAGES)[number];
  readonly found: History;
  readonly limit: number;
  readonly others: { readonly leftOut: number; readonly groups: number };
  readonly columns: number;
  readonly paint: Paint;
}

function historyText(group: Group, { stage, found, limit, others, columns, paint }: TextOptions): string {
  const { runs } = group;
  const values = runs.map((run) => nsOf(run, stage) ?? 0);
  const steps = new Map(found.steps.map((step) => [step.index, step]));
  const first = Math.max(0, runs.length - limit);
  const rows = runs.slice(first).map((run, i) => {
    const at = first + i;
    const step = steps.get(at);
    return [
      localTime(run.startedAt),
      run.id.slice(0, SHORT_ID),
      run.commit === null ? (run.version ?? MISSING) : run.commit.slice(0, 8),
      String(run.passes),
      run.grade ?? MISSING,
      formatDuration(values[at] ?? null),
      at > 0 ? changeShare(values[at]! / values[at - 1]! - 1) : "",
      step
        ? `step ${changeShare(step.change)}${run.acknowledged === null ? "" : `, known: ${clean(run.acknowledged)}`}`
        : "",
    ];
  });
  const lines = [
    paint("bold", titleOf(group, stage)),
    spark(values, found, columns - 2),
    "",
    ...table(
      [
        { title: "started" },
        { title: "run" },
        { title: "commit" },
        { title: "passes", align: "right" },
        { title: "grade" },
        { title: stage === "total" ? "a pass" : stage, align: "right" },
        { title: "to the last", align: "right" },
        { title: "" },
      ],
      rows,
      (cell, row, column) =>
        row < 0 ? paint("dim", cell) : column === 7 && cell !== "" ? paint("yellow", cell) : cell,
    ),
    "",
    stepsSentence(runs, found),
  ];
  if (first > 0) lines.push(`${first} older of ${runs.length} runs are not shown; --limit ${runs.length} shows them.`);
  const beside = [
    ...(others.groups > 0 ? [`${formatCounted(others.groups, "other group")} (--all-groups)`] : []),
    ...(others.leftOut > 0
      ? [`${formatCounted(others.leftOut, "run")} left out (failed, stopped, foreign, or without this stage)`]
      : []),
  ];
  if (beside.length > 0) lines.push(paint("dim", `Besides: ${beside.join("; ")}.`));
  return lines.join("\n");
}

function titleOf({ runs }: Group, stage: string): string {
  const { scene, machine, lanes, backend, passes } = runs[runs.length - 1]!;
  const of =
    stage === "total" ? "a whole pass" : stage === "frame" ? "the median frame" : `${stage} of the median frame`;
  const warm = passes > 1 ? "warm" : "from the start";
  return clean(
    `${scene ?? "scene"}: ${of}, ${formatCounted(runs.length, "run")} ${warm}, ${lanes === null ? "?" : formatCounted(lanes, "lane")}, ${backend ?? "?"}, on ${machine}`,
  );
}

/** One sparkline for each level, a bar between them, all on one scale. */
function spark(values: readonly number[], { steps }: History, width: number): string {
  const least = Math.min(...values) * 0.9;
  const edges = [0, ...steps.map(({ index }) => index), values.length];
  const line = sparkline(values, Math.max(1, width - steps.length), { least });
  if (line.length < values.length) return line;
  return edges
    .slice(1)
    .map((to, i) => line.slice(edges[i], to))
    .join("|");
}

function stepsSentence(runs: readonly RunSummary[], { steps, runsMissing }: History): string {
  if (runsMissing > 0) return `Steps can be told from 6 runs on: ${runsMissing} more.`;
  if (steps.length === 0) return "No step: the runs vary around one level.";
  const unknown = steps.filter(({ index }) => runs[index]?.acknowledged === null);
  const count = formatCounted(steps.length, "step");
  if (unknown.length === 0) return `${count}, all acknowledged.`;
  const last = runs[unknown[unknown.length - 1]!.index]!;
  return `${count}, ${unknown.length} not acknowledged; volumark history --acknowledge ${last.id.slice(0, SHORT_ID)} "reason" notes why.`;
}

function groupsText(groups: readonly Group[], stage: (typeof HISTORY_STAGES)[number], paint: Paint): string {
  if (groups.length === 0) return "There is no finished run yet; volumark bench makes one.";
  return groups
    .map((group) => {
      const values = group.runs.map((run) => nsOf(run, stage) ?? 0);
      const found = historyOf(values);
      const last = group.runs[group.runs.length - 1]!;
      return `${paint("bold", titleOf(group, stage))}\n  ${formatDuration(values[values.length - 1] ?? null)} in run ${last.id.slice(0, SHORT_ID)}, ${formatCounted(found.steps.length, "step")}`;
    })
    .join("\n");
}

function historyJson({ runs }: Group, stage: (typeof HISTORY_STAGES)[number], { steps, runsMissing }: History) {
  return {
    stage,
    unit: "ns",
    runs: runs.map((run) => ({ ...run, ns: nsOf(run, stage) })),
    steps: steps.map((step) => ({ ...step, id: runs[step.index]?.id, acknowledged: runs[step.index]?.acknowledged })),
    runsMissing,
  };
}
