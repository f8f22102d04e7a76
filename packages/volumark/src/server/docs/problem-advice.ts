/** Why each code is answered, and what to do about it. */
import type { ProblemCode } from "../../api/problem.ts";

export const PROBLEM_ADVICE: Readonly<Record<ProblemCode, string>> = {
  "invalid-request":
    "A parameter, header or the body is missing, of another type, out of its range, or not known here. field says which; correct it.",
  "invalid-settings":
    "A setting of the run is out of its range. field and data have the setting, the limits and the value.",
  "invalid-scene":
    "The scene is not one that the engine reads. data.path is the place in it; POST /api/scenes/check tells the same without a run.",
  "unknown-preset":
    "No scene of this name comes with the program. GET /api/presets lists them; data.suggestion is the nearest.",
  "too-much-work":
    "The run asks for more than one run may here: nodes, dimension, frames, pixels, passes, or estimated seconds. data has both numbers; ask for less, or have the limit raised where the server is started.",
  "bad-cursor":
    "The cursor is not one that this list gave out, or of a list that is sorted otherwise. Begin with the first page.",
  "bad-event-id":
    "Last-Event-ID or after is no number, or one that the run has not reached. Begin at 0, or with the last id that was received.",
  "invalid-record":
    "The body is no record that can be read. data.code says in which way, field where. docs/record.md describes the format.",
  "key-needed": "Nobody is let in without a key here. Send Authorization: Bearer KEY; volumark keys add makes one.",
  "key-unknown": "The key is none of this server's, or has been revoked. Ask for another one.",
  "scope-missing": "The key is good and does not allow this: reading needs read, submitting run, administration admin.",
  "host-refused":
    "The Host header names another server. Use the address that the server has printed; a name of its own is given when it is started.",
  "origin-refused": "Another site's page has asked. It has to be allowed by its origin where the server is started.",
  "not-found": "Nothing lies at this address. /openapi.json lists all addresses.",
  "unknown-run": "No run has this id, or an id that begins so. It may have been deleted.",
  "no-result":
    "The run is there and this of it is not: it has not ended, left nothing, or its animation was too long to be stored.",
  "ambiguous-run": "Several ids begin so; data.candidates has some. Give more of it.",
  "method-not-allowed": "The address is right and the method is not. The Allow header has those that are.",
  "not-comparable": "One of the two has no record: it has not ended, or failed before its first frame.",
  "idempotency-conflict": "This Idempotency-Key was used with another request. Use a new key for a new request.",
  "run-in-progress": "A run that is being made can't be deleted. Cancel it and wait for its end.",
  conflict: "Another run with other content has this id. Delete that one first, if this one is right.",
  "request-timeout": "The request took too long to arrive. Send it again, all at once.",
  "too-large":
    "The body, or what it would take to read it, is more than is taken here. data has the numbers where they are known.",
  "unsupported-media-type": "Bodies are JSON: send content-type: application/json, in UTF-8 and not compressed.",
  "range-not-satisfiable": "The range begins after the end. Content-Range has the length.",
  "too-many-requests": "This key or address asks faster than it may. Wait for Retry-After seconds.",
  "queue-full":
    "As many runs wait as may. Nothing was queued; try again after Retry-After seconds with the same Idempotency-Key.",
  "internal-error": "A fault of the server. Its log has the request by requestId.",
  busy: "Reports, comparisons or imports are under way in the number that is allowed. Try again after Retry-After seconds.",
  "store-unavailable":
    "The database can't be reached, is locked or damaged. Try again; the server's log has the reason.",
  "shutting-down": "The server ends. What was acknowledged is kept; ask again when it runs.",
  "too-many-streams": "As many event streams are open as may be. Close some, or ask GET /api/runs/ID now and then.",
  "disk-full":
    "There is no room for this run: data.needBytes is about what it needs where a small one would still be taken. Nothing was queued; runs that are stored can still be read, and deleted.",
};
