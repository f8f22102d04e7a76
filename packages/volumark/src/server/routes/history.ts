/**
 * One stage over the runs that are stored. Only like stands beside like: the same settings, machine, lanes and back end, and
 * runs of one pass apart from those of many, whose times are warm. The database groups; only what is shown is read.
 */
import { historyOf } from "@volumark/measure";
import { sql } from "kysely";
import type { Answer, QueryOf } from "../../api/endpoints.ts";
import { intervalIn } from "../../store/intervals.ts";
import type { Database } from "../../store/tables.ts";
import type { ServerContext } from "../context.ts";
import { type AddRoutes, addRoute } from "../routes.ts";

type Asked = Omit<QueryOf<"history">, "limit"> & {
  readonly stage: Stage;
  readonly limit: number;
  readonly lanes?: number;
};
type Stage = Answer<"history">["stage"];
type Group = NonNullable<Answer<"history">["of"]>;

/** Groups that are named: those with the newest runs. */
const MOST_GROUPS = 500;

export const historyRoutes: AddRoutes = (app, context) => {
  addRoute(app, "history", ({ query }) => history(context, query as Asked));
};

async function history({ store: { db } }: ServerContext, asked: Asked): Promise<Answer<"history">> {
  const { stage, limit } = asked;
  // Postgres takes no text with NUL, and no run has one.
  if (Object.values(asked).some((value) => typeof value === "string" && value.includes("\0")))
    return { stage, of: null, points: [], history: historyOf([]), groups: [], variants: [] };
  const all = await groupsOf(db, stage);
  const of = all.find((group) => fits(group, asked)) ?? null;
  const points = of ? await pointsOf(db, stage, of, limit) : [];
  const groups = new Map<string, Answer<"history">["groups"][number]>();
  for (const { settingsHash, machine, scene, runs } of all) {
    const key = JSON.stringify([settingsHash, machine]);
    groups.set(key, { settingsHash, machine, scene, runs: runs + (groups.get(key)?.runs ?? 0) });
  }
  return {
    stage,
    of,
    points,
    history: historyOf(points.map(({ ns }) => ns)),
    groups: [...groups.values()],
    variants: all.filter((one) => of?.settingsHash === one.settingsHash && of.machine === one.machine),
  };
}

function fits(group: Group, { scene, settingsHash, machine, lanes, backend, passes }: Asked): boolean {
  return (
    (scene === undefined || group.scene === scene) &&
    (settingsHash === undefined || group.settingsHash === settingsHash) &&
    (machine === undefined || group.machine === machine) &&
    (lanes === undefined || group.lanes === lanes) &&
    (backend === undefined || group.backend === backend) &&
    (passes === undefined || group.passes === passes)
  );
}

const MANY = sql<number>`case when "passes" > 1 then 1 else 0 end`;

/** The one with the newest run first. */
async function groupsOf(db: Database, stage: Stage): Promise<Group[]> {
  const rows = await counted(db, stage)
    .select(["settingsHash", "machine", "lanes", "backend"])
    .select([
      MANY.as("many"),
      sql<string | null>`max("scene")`.as("scene"),
      sql<number>`count(*)`.as("runs"),
      sql<string>`max("startedAt")`.as("newest"),
    ])
    .groupBy(["settingsHash", "machine", "lanes", "backend", MANY])
    .orderBy("newest", "desc")
    .limit(MOST_GROUPS)
    .execute();
  return rows.map(({ settingsHash, machine, lanes, backend, many, scene, runs, newest }) => ({
    settingsHash: settingsHash as string,
    machine,
    scene,
    lanes: lanes === null ? null : Number(lanes),
    backend,
    passes: Number(many) === 1 ? "many" : "one",
    runs: Number(runs),
    newest,
  }));
}

/** Of the newest `limit` runs of the group, the oldest first. */
async function pointsOf(db: Database, stage: Stage, group: Group, limit: number): Promise<Answer<"history">["points"]> {
  const { settingsHash, machine, lanes, backend, passes } = group;
  const rows = await counted(db, stage)
    .select(["id", "startedAt", `${stage}Ns as ns`, "settingsHash", "machine", "acknowledged", "intervals"])
    .where("settingsHash", "=", settingsHash)
    .where("machine", "=", machine)
    .where("lanes", lanes === null ? "is" : "=", lanes)
    .where("backend", backend === null ? "is" : "=", backend)
    .where(MANY, "=", passes === "many" ? 1 : 0)
    .orderBy("startedAt", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows
    .reverse()
    .map(({ intervals, ...row }) => ({ ...row, ns: Number(row.ns), ...intervalIn(intervals, stage) }));
}

/** Runs that can stand in a history. */
function counted(db: Database, stage: Stage) {
  return db
    .selectFrom("runs")
    .where("source", "=", "own")
    .where("status", "=", "done")
    .where("settingsHash", "is not", null)
    .where(`${stage}Ns`, ">", 0);
}
