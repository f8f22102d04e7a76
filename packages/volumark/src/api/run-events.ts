/** What `GET /api/runs/:id/events` sends: one JSON object an event, its number as the id, its kind as the event's name. */
import * as z from "zod";

export const EVENT_KINDS = [
  "queued",
  "started",
  "frame",
  "sensors",
  "statistics",
  "cancel-asked",
  "requeued",
  "finished",
  "failed",
  "cancelled",
] as const;

export type RunEventKind = (typeof EVENT_KINDS)[number];

/** After one of these there is no other. */
export const LAST_KINDS: readonly RunEventKind[] = ["finished", "failed", "cancelled"];

export const runEventSchema = z
  .object({
    sequence: z.int().describe("Counts the run's events from 1; the event's id. Old frames may have been thinned out"),
    kind: z.enum(EVENT_KINDS),
    at: z.string().describe("Wall clock, RFC 3339"),
    data: z
      .looseObject({
        position: z.int().optional().describe("queued: runs before it"),
        frame: z.int().optional().describe("frame: its number, from 0"),
        lane: z.int().optional(),
        times: z.record(z.string(), z.unknown()).optional().describe("frame: ns of each stage"),
        counts: z.record(z.string(), z.unknown()).optional().describe("frame: the work that was done"),
        picture: z.string().optional().describe("frame, on request: a small picture as a data: address"),
        done: z.int().optional().describe("statistics: frames made"),
        frames: z.int().optional(),
        elapsedMs: z.number().optional(),
        remainingMs: z.number().nullable().optional(),
        medianFrameNs: z.number().nullable().optional(),
        reason: z.string().nullable().optional(),
      })
      .describe("What there is to say, by kind"),
  })
  .meta({ id: "RunEvent" });

export type RunEventView = z.infer<typeof runEventSchema>;
