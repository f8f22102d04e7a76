/**
 * A record as files: what the service has comes from there, everything else is made here by the same code. Fetched only when
 * somebody asks, with all that it needs.
 */
import {
  foreignMarkdown,
  isOwn,
  longCsvPieces,
  recordWithGif,
  reportHtml,
  reportMarkdown,
  traceEventPieces,
} from "@volumark/measure";
import type { LoadedRun } from "../service/run-source.ts";

export const FILE_KINDS = ["json", "csv", "markdown", "trace", "html"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export interface MadeFile {
  readonly name: string;
  readonly blob: Blob;
}

const TYPES: Readonly<Record<FileKind, readonly [extension: string, type: string]>> = {
  json: ["json", "application/json"],
  csv: ["csv", "text/csv"],
  markdown: ["md", "text/markdown"],
  trace: ["trace.json", "application/json"],
  html: ["html", "text/html"],
};

export async function makeFile({ record, gifAddress }: LoadedRun, kind: FileKind): Promise<MadeFile> {
  const [extension, type] = TYPES[kind];
  const name = `${baseName(record.gif_filename)}.${extension}`;
  const gif = kind === "json" || kind === "html" ? await gifBytes(gifAddress) : null;
  const pieces = (): Iterable<string> => {
    switch (kind) {
      case "json":
        return [JSON.stringify(gif ? recordWithGif(record, gif) : record)];
      case "csv":
        return longCsvPieces(record);
      case "trace":
        return traceEventPieces(record);
      case "markdown":
        return [isOwn(record) ? reportMarkdown(record) : foreignMarkdown(record)];
      case "html":
        return [reportHtml(record, { gif })];
    }
  };
  return { name, blob: new Blob([...pieces()], { type: `${type};charset=utf-8` }) };
}

async function gifBytes(address: string | null): Promise<Uint8Array | null> {
  if (address === null) return null;
  const response = await fetch(address);
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

/** Nothing of a record may become a path or a hidden file. */
function baseName(filename: string): string {
  const plain = filename
    .replace(/\.gif$/i, "")
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[.-]+/, "");
  return plain.slice(0, 100) || "record";
}
