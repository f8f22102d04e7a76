/** What can be made of a stored record for somebody to take away, as bytes in pieces. */
import {
  longCsvPieces,
  type RunRecord,
  recordPieces,
  recordWithGif,
  reportHtml,
  traceEventPieces,
} from "@volumark/measure";
import { type AnyRecord, unpackRecord } from "../../store/packed-record.ts";
import type { RenderFormat, SideTasks } from "./side-messages.ts";

/** Bytes of a piece, about. */
const PIECE = 64 * 1024;
/** Longer GIFs stay out of the page: it holds them as one text. */
const MOST_PAGE_GIF = 64 * 1024 ** 2;

/** UTF-8 in pieces of 64 kB or more; each has memory of its own. */
export function* renderedPieces({ format, packed, gif }: SideTasks["render"]): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  let text = "";
  for (const piece of textOf(format, unpackRecord(packed, gif), gif)) {
    text += piece;
    if (text.length < PIECE) continue;
    yield encoder.encode(text);
    text = "";
  }
  yield encoder.encode(text);
}

function textOf(format: RenderFormat, record: AnyRecord, gif: Uint8Array | null): Iterable<string> {
  switch (format) {
    case "record":
      // Where the GIF is not wanted it is not there in any form, also not in records that hold two different ones.
      return recordPieces((gif === null ? recordWithGif(record, new Uint8Array(0)) : record) as RunRecord);
    case "trace":
      return traceEventPieces(record);
    case "csv":
      return longCsvPieces(record);
    case "html":
      return [reportHtml(record, { gif: gif !== null && gif.length <= MOST_PAGE_GIF ? gif : null })];
  }
}
