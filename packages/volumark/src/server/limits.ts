/** The most that one run, one request and one client may ask for: checked at the door, before anything is queued. */
import { OPTION_RANGES } from "../api/ranges.ts";

export interface ServerLimits {
  /** Nodes of a scene. */
  readonly mostNodes: number;
  readonly mostDimension: number;
  readonly mostFrames: number;
  /** Width times height of a frame. */
  readonly mostPixels: number;
  readonly mostPasses: number;
  /** Samples, triangles and pixels of all frames and passes together, in estimated seconds of one lane. */
  readonly mostSeconds: number;
  /** Bytes of a request that submits a run, and of one that brings a record in. */
  readonly mostBodyBytes: number;
  readonly mostRecordBytes: number;
  /** Bytes of all bodies that are being taken in at once. */
  readonly mostBodiesBytes: number;
  readonly mostStreams: number;
  /** Requests of one key or address in a minute. */
  readonly requestsPerMinute: number;
}

export const SERVER_LIMITS: ServerLimits = {
  mostNodes: 2000,
  mostDimension: 512,
  mostFrames: 10_000,
  mostPixels: 4096 * 2160,
  mostPasses: OPTION_RANGES.passes[1],
  mostSeconds: 3600,
  mostBodyBytes: 1024 * 1024,
  mostRecordBytes: 64 * 1024 * 1024,
  mostBodiesBytes: 128 * 1024 * 1024,
  mostStreams: 2000,
  requestsPerMinute: 60_000,
};
