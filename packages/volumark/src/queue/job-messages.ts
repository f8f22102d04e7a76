/** What a worker and the process that makes a job say to each other, over the channel that Node gives parent and child. */
import type { RunRecord } from "@volumark/measure";
import type { PreparedRun } from "../store/prepare-run.ts";
import type { JobOptions, JobSettings, ProgressEvent } from "./job-types.ts";

export type ToJobProcess =
  | {
      readonly type: "make";
      readonly settings: JobSettings;
      readonly options: JobOptions;
      /** An empty folder of this attempt's own; what is left in it is removed by the worker. */
      readonly folder: string;
      /** For the record. */
      readonly command: readonly string[];
    }
  /** After the frames that are being made. */
  | { readonly type: "stop" };

export type FromJobProcess =
  | { readonly type: "progress"; readonly events: readonly ProgressEvent[]; readonly done: number }
  | {
      readonly type: "made";
      readonly status: "done" | "failed" | "stopped";
      /** Empty where nothing was amiss. */
      readonly problem: string;
      /** Without the GIF, which lies in the folder. */
      readonly record: RunRecord;
      readonly gifPath: string | null;
      /** What is stored of it, so that nobody else has to work that out; the GIF's bytes are in its file. */
      readonly prepared: Omit<PreparedRun, "gif"> & { readonly gifHash: string | null };
    }
  /** It can't be made here or anywhere: the sentence says why. */
  | { readonly type: "refused"; readonly reason: string };
