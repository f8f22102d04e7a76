/** Numbers to trust: statistics, the run record and its schema, and the report. Knows no platform; see `./node` for Node. */
export { CANARY_CHECKSUM, CANARY_REFERENCE_NS, type Canary, canaryScore, createCanary } from "./canary.ts";
export type { NanosecondClock, TimerDescription } from "./clock.ts";
export {
  COMPARE_DEFAULTS,
  type ComparedRun,
  type CompareOptions,
  type Comparison,
  type ComparisonRow,
  compareRuns,
  type FrameDifference,
} from "./compare/compare.ts";
export { type Difference, machineDifferences, settingsDifferences } from "./compare/differences.ts";
export { compareRecords, type NamedRecord } from "./compare/foreign-run.ts";
export { comparisonMarkdown, comparisonText, verdictText } from "./compare/text.ts";
export type { Verdict } from "./compare/verdict.ts";
export { longCsv, longCsvPieces } from "./formats/csv.ts";
export { foreignContent, foreignMarkdown, foreignText } from "./formats/foreign.ts";
export { type ReportHtmlOptions, reportHtml } from "./formats/report-html.ts";
export { traceEventPieces, traceEvents } from "./formats/trace.ts";
export {
  isOwn,
  missingFrom,
  PARTS,
  PARTS_IN_TIME,
  type PartName,
  type PassView,
  type RecordView,
  viewOf,
} from "./formats/view.ts";
export { type History, type HistoryStep, historyOf, LEAST_LEVEL } from "./history/steps.ts";
export {
  buildRecord,
  type FrameCountFacts,
  type FrameFacts,
  type FrameTimeFacts,
  gifSourceOf,
  type PassFacts,
  type RunFacts,
  recordWithGif,
} from "./record/build.ts";
export { type ByteSource, base64 } from "./record/bytes.ts";
export { type IssueText, issueText } from "./record/issue-text.ts";
export { readRecord, recordJsonSchema, validateRecord } from "./record/lazy.ts";
export { recordParameters } from "./record/parameters.ts";
export { passesOf, STAGE_COLUMNS, type StageName, steadyPassesOf } from "./record/passes.ts";
export { passesCheck } from "./record/passes-check.ts";
export { outlinePasses, type PassOutline } from "./record/representative.ts";
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
export {
  type Cause,
  type CauseLabel,
  causeOf,
  causeOverPasses,
  FAR,
  NOTABLE,
  type Outlier,
  outliersOf,
  workedNs,
} from "./report/cause.ts";
export { reportAnswer } from "./report/content.ts";
export { type CheckState, type Grade, type GradeCheck, type GradeLetter, gradeRun } from "./report/grade.ts";
export { derivedOf, type PassesStory, passesStory, STAGE_RESAMPLES } from "./report/passes.ts";
export { type Mark, type ReportOptions, reportMarkdown, reportText } from "./report/report.ts";
export type { Section } from "./report/story.ts";
export { type TypicalColumns, typicalColumns } from "./report/typical.ts";
export {
  MEASURED_DEFAULTS,
  type MeasuredRun,
  type MeasuredTime,
  measuredRun,
  SCORED,
  type Scored,
} from "./score/measured.ts";
export {
  type ReferenceRun,
  type Score,
  type ScoredMember,
  type ScoredSuite,
  type Scores,
  type SuiteOutcome,
  scoreRun,
  scoreSuite,
} from "./score/score.ts";
export { type SuiteTextOptions, suiteMarkdown, suiteText } from "./score/text.ts";
export { autocorrelation, type Dependence, dependence } from "./statistics/autocorrelation.ts";
export {
  BOOTSTRAP_DEFAULTS,
  type BootstrapOptions,
  LEAST_PASSES,
  type MedianInterval,
  medianInterval,
} from "./statistics/bootstrap.ts";
export { CHANGE_POINT_DEFAULTS, type ChangePointOptions, changePoints } from "./statistics/change-point.ts";
export { type Headline, headlineOf } from "./statistics/headline.ts";
export { holmAdjusted } from "./statistics/holm.ts";
export { portableExp, portableLog } from "./statistics/logarithm.ts";
export { mean, sum } from "./statistics/mean.ts";
export { type NoiseFloor, noiseFloorOf } from "./statistics/noise-floor.ts";
export { COMPARED_STAGES, type ComparedStage, passTotals } from "./statistics/pass-columns.ts";
export {
  median,
  medianAbsoluteDeviation,
  quantile,
  quantileOfSorted,
  selectMedian,
  sorted,
} from "./statistics/quantile.ts";
export { SeededRandom } from "./statistics/random.ts";
export { type Slope, theilSenSlope } from "./statistics/slope.ts";
export { STABLE_FROM, type Stability, stabilityOf } from "./statistics/stability.ts";
export { type SteadyState, steadyStateOf, warmUpPasses } from "./statistics/steady-state.ts";
export { decideStop, STOP_DEFAULTS, type StopDecision, type StopOptions } from "./statistics/stop.ts";
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
