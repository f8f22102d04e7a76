/** The side of a side thread that works: takes what the port says and answers it. */
import type { MessagePort, Transferable } from "node:worker_threads";
import { compareRecords, readRecord } from "@volumark/measure";
import { estimateDiskNeed } from "../../job/disk-need.ts";
import { unpackRecord } from "../../store/packed-record.ts";
import { prepareRun } from "../../store/prepare-run.ts";
import { jsonDepth, MOST_JSON_DEPTH } from "../guard/json-body.ts";
import { probeGrowth } from "../guard/work-limit.ts";
import { FramePictures } from "./frame-pictures.ts";
import { renderedPieces } from "./render.ts";
import type { FromSide, NamedPacked, SideAnswers, SideTasks, ToSide } from "./side-messages.ts";

/** Lists and objects of a record: twenty a pass, one an event. */
const MOST_CONTAINERS = 1_000_000;

/** Answers until the port is closed. */
export function answerTasks(port: MessagePort): void {
  const pictures = new FramePictures();
  const open = new Map<number, Iterator<Uint8Array<ArrayBuffer>>>();
  const say = (message: FromSide, transfer: readonly Transferable[] = []) => port.postMessage(message, transfer);

  function sayPiece(id: number): void {
    const step = open.get(id)?.next();
    if (!step) return;
    const last = step.done === true;
    if (last) open.delete(id);
    const bytes = last ? new Uint8Array(0) : step.value;
    say({ type: "piece", id, bytes, last }, [bytes.buffer]);
  }

  async function work(message: ToSide): Promise<void> {
    const { id } = message;
    if (message.type === "drop") open.delete(id);
    else if (message.type === "more") sayPiece(id);
    else if (message.kind === "render") {
      open.set(id, renderedPieces(message.task as SideTasks["render"]));
      sayPiece(id);
    } else if (message.kind === "frame") {
      const answer = await pictures.picture(message.task as SideTasks["frame"]);
      say({ type: "done", id, answer });
    } else if (message.kind === "compare") {
      say({ type: "done", id, answer: compare(message.task as SideTasks["compare"]) });
    } else if (message.kind === "surface") {
      say({ type: "done", id, answer: probeGrowth((message.task as SideTasks["surface"]).settings) });
    } else if (message.kind === "disk") {
      say({ type: "done", id, answer: estimateDiskNeed((message.task as SideTasks["disk"]).settings) });
    } else {
      const answer = await take(message.task as SideTasks["import"]);
      const bytes = answer.state === "prepared" ? answer.run.gif?.bytes : undefined;
      say({ type: "done", id, answer }, bytes ? [bytes.buffer as ArrayBuffer] : []);
    }
  }

  port.on("message", (message: ToSide) => {
    work(message).catch((error: unknown) => {
      open.delete(message.id);
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      say({ type: "failed", id: message.id, message: text });
    });
  });
}

function compare({ a, b }: SideTasks["compare"]): SideAnswers["compare"] {
  const named = ({ packed, name }: NamedPacked) => ({ record: unpackRecord(packed, null), name });
  return compareRecords(named(a), named(b));
}

async function take({ text }: SideTasks["import"]): Promise<SideAnswers["import"]> {
  // Before it is parsed: 60 MB of empty lists take a minute to fill a gigabyte.
  const containers = countContainers(text);
  if (containers > MOST_CONTAINERS) {
    const reason = `read record: it holds ${containers} lists and objects, and ${MOST_CONTAINERS} are the most. Leave out what no record needs.`;
    return { state: "unreadable", code: "hostile", path: "", reason };
  }
  let json: string;
  try {
    json = new TextDecoder("utf-8", { fatal: true }).decode(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const reason = "read record: it is not text in UTF-8. Give the file of a run.";
    return { state: "unreadable", code: "not-json", path: "", reason };
  }
  // Before it is parsed: each level takes memory that no limit of the thread counts.
  if (jsonDepth(json, MOST_JSON_DEPTH) > MOST_JSON_DEPTH) {
    const reason = `read record: it is nested deeper than ${MOST_JSON_DEPTH} levels. Do not trust this file.`;
    return { state: "unreadable", code: "hostile", path: "", reason };
  }
  const found = await readRecord(json);
  if (found.status === "unreadable") {
    const { code, path, reason } = found;
    return { state: "unreadable", code, path, reason };
  }
  const { row, packed, gif } = prepareRun(found.record);
  if (gif === null) return { state: "prepared", run: { row, packed, gif } };
  return { state: "prepared", run: { row, packed, gif: { hash: gif.hash, bytes: joined(gif.source) } } };
}

/** Brackets that open, also those in texts. */
function countContainers(text: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    // Both brackets differ from each other in one bit only.
    if ((text[i]! | 0x20) === 0x7b) count++;
  }
  return count;
}

/** All bytes of a source, in memory of their own. */
function joined(source: { readonly length: number; chunks(): Iterable<Uint8Array> }): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(source.length);
  let at = 0;
  for (const chunk of source.chunks()) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
