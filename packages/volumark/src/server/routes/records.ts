/**
 * Records that are brought in. 64 MB of JSON take a second to read and check, so a side thread does it: the body goes there
 * as it came, and what comes back is ready to be stored.
 */
import { bytesSource } from "../../store/prepare-run.ts";
import { ProblemError } from "../answer-problem.ts";
import { findRun } from "../find-run.ts";
import { type AddRoutes, addRoute } from "../routes.ts";
import { viewOf } from "../run-views.ts";
import { SideThread, SideThreadDied } from "../side/side-thread.ts";

/** Bodies that are in memory at once. */
const MOST_AT_ONCE = 4;

export const recordRoutes: AddRoutes = (app, context) => {
  const thread = new SideThread({ mostAtOnce: 1, mostWaiting: MOST_AT_ONCE, mostMs: 60_000 });
  let taken = 0;
  app.addHook("onClose", async () => thread.close());

  app.register(async (scope) => {
    scope.removeContentTypeParser("application/json");
    scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    addRoute(
      scope,
      "importRecord",
      async ({ request, reply }) => {
        const text = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
        const { length } = text;
        const found = await thread.ask("import", { text }).catch((error: unknown) => {
          throw error instanceof SideThreadDied ? tooMuch(length) : error;
        });
        if (found.state === "unreadable") {
          const { code, path, reason } = found;
          throw new ProblemError("invalid-record", reason, {
            field: path === "" ? "body" : `body.${path}`,
            data: { code },
          });
        }
        const { row, packed, gif } = found.run;
        const { id, added } = await context.store.addPrepared({
          row,
          packed,
          gif: gif && { hash: gif.hash, source: bytesSource(gif.bytes) },
        });
        const view = await viewOf(context, await findRun(context, id));
        request.run = view.id;
        reply.header("location", `/api/runs/${encodeURIComponent(view.id)}`);
        // 200 would be taken for the default of this address, which is 201.
        if (!added) return reply.code(200).send(view) as never;
        return view;
      },
      {
        bodyLimit: context.limits.mostRecordBytes,
        rawBody: true,
        async onRequest(_request, reply) {
          if (taken >= MOST_AT_ONCE) {
            throw new ProblemError(
              "busy",
              `${taken} records are being brought in, which is the most at once. Try again soon.`,
              { data: { active: taken, limit: MOST_AT_ONCE }, retryAfterMs: 2000 },
            );
          }
          taken++;
          reply.raw.once("close", () => taken--);
        },
      },
    );
  });
};

/** Small numbers in their millions take many times as much memory as text. */
function tooMuch(length: number): ProblemError {
  return new ProblemError(
    "too-large",
    `The record of ${length} bytes takes more memory or time to read than this server gives it. Bring in one with fewer entries.`,
    { data: { length } },
  );
}
