/** What a run has left: its animation, single frames of it, its record, and what can be read from that. */
import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RunsTable } from "../../store/tables.ts";
import { ProblemError } from "../answer-problem.ts";
import { byteRange } from "../byte-range.ts";
import type { ServerContext } from "../context.ts";
import { type FileHead, sayHead } from "../download.ts";
import { findStored } from "../find-run.ts";
import { FrameShelf } from "../frame-shelf.ts";
import { type AddRoutes, addRoute } from "../routes.ts";
import type { RenderFormat } from "../side/side-messages.ts";
import { SideThread } from "../side/side-thread.ts";
import { gifBytes, gifLength, packedRecord, wholeGif } from "../stored-files.ts";

/** Bytes of GIFs that records and pages under way hold in memory. */
const MOST_HELD_BYTES = 512 * 1024 ** 2;

/**
 * The report runs scripts of its own. What is in a record must not act on this server even if it got out of its place in the
 * page: a sandbox without `allow-same-origin` is an origin of its own, from which nothing can be asked.
 */
const REPORT_POLICY =
  "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

export const resultRoutes: AddRoutes = (app, context) => {
  const thread = new SideThread({ mostAtOnce: 8, mostWaiting: 256 });
  const shelf = new FrameShelf(thread, (hash) => wholeGif(context.store.db, hash));
  let held = 0;
  app.addHook("onClose", async () => thread.close());

  addRoute(app, "runAnimation", async ({ params, request, reply }) => {
    const { run } = await findStored(context, params.id, "animation");
    return sendAnimation(context, run, request, reply);
  });

  addRoute(app, "runFrame", async ({ params: { id, frame }, query: { width = null }, request, reply }) => {
    const { job, run } = await findStored(context, id, "frame");
    const gif = gifHashOf(run);
    const etag = `W/"${gif}-${frame}-${width ?? "whole"}"`;
    const head: FileHead = { type: "image/png", etag, ending: `-${frame}.png`, immutable: true };
    if (sayHead(request, reply, run, head)) return reply;
    return reply.send(await shelf.picture({ gif, frame, width }, job?.id ?? run.id));
  });

  async function send(
    { id, format, gif: wanted }: { id: string; format: RenderFormat; gif: boolean },
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { db } = context.store;
    const { run } = await findStored(context, id, format === "record" ? "record" : "report");
    if (format === "record" && wanted) refuseWithoutGif(run);
    const packed = await packedRecord(db, run.id);
    const tag = [packed.hash.slice(0, 40), format, ...(wanted ? ["gif"] : []), context.about.version].join("-");
    if (sayHead(request, reply, run, { ...FILES[format], etag: `"${tag}"` })) return reply;
    if (request.method === "HEAD") return reply.send(Readable.from([]));
    const length = wanted && run.gifHash !== null ? await gifLength(db, run.gifHash) : 0;
    if (held > 0 && held + length > MOST_HELD_BYTES) {
      throw new ProblemError(
        "busy",
        `Records under way hold ${held} bytes of animations and this one has ${length}; ${MOST_HELD_BYTES} are the most. Try again soon.`,
        { data: { held, length, limit: MOST_HELD_BYTES }, retryAfterMs: 2000 },
      );
    }
    held += length;
    async function* pieces() {
      try {
        const gif = length > 0 ? await wholeGif(db, run.gifHash as string) : null;
        yield* thread.pieces({ format, packed, gif });
      } finally {
        held -= length;
      }
    }
    return reply.send(await streamed(pieces()));
  }

  addRoute(app, "runRecord", ({ params, query, request, reply }) =>
    send({ id: params.id, format: "record", gif: query.gif === "true" }, request, reply),
  );
  addRoute(app, "runTrace", ({ params: { id }, request, reply }) =>
    send({ id, format: "trace", gif: false }, request, reply),
  );
  addRoute(app, "runCsv", ({ params: { id }, request, reply }) =>
    send({ id, format: "csv", gif: false }, request, reply),
  );
  addRoute(app, "runReport", ({ params: { id }, request, reply }) => {
    reply.header("content-security-policy", REPORT_POLICY);
    return send({ id, format: "html", gif: true }, request, reply);
  });
};

const FILES: Readonly<Record<RenderFormat, Omit<FileHead, "etag">>> = {
  record: { type: "application/json; charset=utf-8", ending: ".json", attachment: true },
  trace: { type: "application/json; charset=utf-8", ending: ".trace.json", attachment: true },
  csv: { type: "text/csv; charset=utf-8; header=present", ending: ".csv", attachment: true },
  html: { type: "text/html; charset=utf-8", ending: ".html" },
};

async function sendAnimation(
  { store: { db } }: ServerContext,
  run: RunsTable,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const gif = gifHashOf(run);
  const etag = `"${gif}"`;
  reply.header("accept-ranges", "bytes");
  if (sayHead(request, reply, run, { type: "image/gif", etag, ending: ".gif", immutable: true })) return reply;
  const length = await gifLength(db, gif);
  if (request.method === "HEAD") return reply.header("content-length", length).send(Readable.from([]));
  const range = byteRange(request.headers.range, length, { ifRange: request.headers["if-range"] as string, etag });
  if (range.kind === "outside") {
    reply.removeHeader("etag").header("cache-control", "no-store").header("content-range", `bytes */${length}`);
    throw new ProblemError(
      "range-not-satisfiable",
      `The range ${request.headers.range} lies outside the animation, which has ${length} bytes. Ask for less.`,
      { field: "headers.range", data: { length } },
    );
  }
  const { from, to } = range.kind === "part" ? range : { from: 0, to: length };
  if (range.kind === "part") reply.code(206).header("content-range", `bytes ${from}-${to - 1}/${length}`);
  reply.header("content-length", to - from);
  return reply.send(await streamed(gifBytes(db, gif, from, to)));
}

/** Throws what goes wrong before the first piece, so that it can be told; later the connection is broken. */
async function streamed(pieces: AsyncGenerator<Uint8Array>): Promise<Readable> {
  const first = await pieces.next();
  async function* all() {
    try {
      if (first.done) return;
      yield first.value;
      yield* pieces;
    } finally {
      await pieces.return(undefined);
    }
  }
  return Readable.from(all(), { objectMode: false });
}

function gifHashOf(run: RunsTable): string {
  if (run.gifHash !== null) return run.gifHash;
  const why = run.outputHash === null ? "it has none that this server knows" : "its GIF was too long to be stored";
  throw new ProblemError(
    "no-result",
    `Run ${run.id} has no animation here: ${why}. Take it from where the run was made.`,
  );
}

/** A record whose GIF is not stored would be one that nobody can read again. */
function refuseWithoutGif(run: RunsTable): void {
  if (run.gifHash !== null || run.outputHash === null) return;
  throw new ProblemError(
    "no-result",
    `Run ${run.id} can't be given back whole: its GIF was too long to be stored. Ask with gif=false for the rest of its record.`,
    { field: "query.gif" },
  );
}
