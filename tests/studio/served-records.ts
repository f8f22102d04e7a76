/** Records that the server doesn't have, as if it had: their requests are answered here. */
import type { ForeignRecord, RunRecord } from "@volumark/measure";
import type { Page } from "playwright-core";

type AnyRecord = RunRecord | ForeignRecord;

/** `/?run=NAME` then shows the record of that name; without pictures. */
export async function serveRecords(page: Page, records: Readonly<Record<string, AnyRecord>>): Promise<void> {
  for (const [name, record] of Object.entries(records)) {
    await page.route(new RegExp(`/api/runs/${name}(/|\\?|$)`), async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname.endsWith("/record.json"))
        await route.fulfill({ json: { ...record, gif_data: "", gif_bytestream: [] } });
      else if (pathname.endsWith(`/${name}`)) await route.fulfill({ json: viewOfRecord(name, record) });
      else await route.fulfill({ status: 204 });
    });
  }
}

function viewOfRecord(id: string, record: AnyRecord) {
  const own = "run" in record ? (record as RunRecord).run : null;
  const time = own?.startedAt ?? "2026-01-01T00:00:00Z";
  return {
    id,
    kind: "record",
    status: record.error === undefined ? "finished" : "failed",
    scene: null,
    settings: own?.settings ?? null,
    settingsHash: own?.settingsHash ?? null,
    options: {},
    machine: null,
    worker: null,
    submittedAt: time,
    startedAt: time,
    endedAt: time,
    durationMs: 1,
    attempts: 1,
    mostAttempts: 3,
    done: record.frame_count,
    frames: record.frame_count,
    position: null,
    cancelAsked: false,
    reason: record.error ?? null,
    lastEvent: 0,
    result: {
      runId: id,
      source: own ? "own" : "foreign",
      status: record.error === undefined ? "done" : "failed",
      frames: record.frame_count,
      passes: 1,
      grade: null,
      sceneHash: null,
      outputHash: null,
      gif: false,
      machine: "",
      cpu: null,
      version: null,
      commit: null,
      lanes: null,
      backend: null,
      totalNs: null,
      frameNs: null,
      fieldNs: null,
      surfaceNs: null,
      pictureNs: null,
      convertNs: null,
      encodeNs: null,
      distrust: [],
      acknowledged: null,
      acknowledgedAt: null,
    },
  };
}
