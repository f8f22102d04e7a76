/** Heads of answers that are files: name, tag, how long they stay the same, and that the client has them already. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RunsTable } from "../store/tables.ts";
import { isKnown } from "./byte-range.ts";

export interface FileHead {
  readonly type: string;
  /** With its quotes. */
  readonly etag: string;
  /** Ends the file's name, as in `.gif`. */
  readonly ending: string;
  /** Saved rather than shown. */
  readonly attachment?: boolean;
  /** Its bytes are the same for ever: nobody asks again. */
  readonly immutable?: boolean;
}

/** Sets the headers; true where the client has it, and 304 has been said. */
export function sayHead(request: FastifyRequest, reply: FastifyReply, run: RunsTable, head: FileHead): boolean {
  const { type, etag, ending, attachment = false, immutable = false } = head;
  reply.headers({
    etag,
    "cache-control": immutable ? "private, max-age=31536000, immutable" : "private, no-cache",
    "content-disposition": `${attachment ? "attachment" : "inline"}; filename="${fileName(run)}${ending}"`,
  });
  if (isKnown(request.headers["if-none-match"], etag)) {
    reply.code(304).send();
    return true;
  }
  reply.type(type);
  return false;
}

/** Letters, digits and hyphens only: scenes and ids of other programs' records may hold anything. */
export function fileName({ scene, id }: Pick<RunsTable, "scene" | "id">): string {
  const safe = (text: string, most: number) =>
    text
      .replace(/[^0-9A-Za-z]+/g, "-")
      .replace(/^-+/, "")
      .slice(0, most)
      .replace(/-+$/, "");
  return ["volumark", safe(scene ?? "", 40), safe(id, 8)].filter((part) => part !== "").join("-");
}
