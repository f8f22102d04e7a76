/** Numbers to trust: statistics, the run record and its schema, and the report. Knows no platform; see `./node` for Node. */
export type { NanosecondClock, TimerDescription } from "./clock.ts";
export {
  buildRecord,
  type FrameCountFacts,
  type FrameFacts,
  type FrameTimeFacts,
  type RunFacts,
} from "./record/build.ts";
export { type ByteSource, base64 } from "./record/bytes.ts";
export { readRecord, recordJsonSchema, validateRecord } from "./record/lazy.ts";
export { passesOf, STAGE_COLUMNS, type StageName, steadyPassesOf } from "./record/passes.ts";
export type {
  Datum,
  DerivedValue,
  ForeignRecord,
  FrameColumns,
  Pass,
  Run,
  RunCheck,
  RunEvent,
  RunRecord,
  RunWarning,
  SensorSeries,
  SystemInfo,
} from "./record/schema.ts";
export { type RecordTextOptions, recordPieces, recordText } from "./record/text.ts";
export type { ReadResult, UnreadableCode, Validation } from "./record/validate.ts";
export { type Cause, type CauseLabel, causeOf } from "./report/cause.ts";
export { type CheckState, type Grade, type GradeCheck, type GradeLetter, gradeRun } from "./report/grade.ts";
export { type Mark, type ReportOptions, reportMarkdown, reportText } from "./report/report.ts";
export { mean, sum } from "./statistics/mean.ts";
export { median, medianAbsoluteDeviation, quantile, quantileOfSorted, sorted } from "./statistics/quantile.ts";
export { bar, sparkline } from "./text/chart.ts";
export { displayWidth, pad, type TableColumn, table, wrap } from "./text/layout.ts";
export {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatNumber,
  formatShare,
  MISSING,
  type NumberStyle,
} from "./text/number.ts";
