/** Numbers for people: three significant digits and a unit. Missing values (NaN, null) print as a dash, never as 0. */

export interface NumberStyle {
  /** µ and the like; without it ASCII only. Default true. */
  readonly unicode?: boolean;
}

export const MISSING = "-";

/** Three significant digits without an exponent: 0.0123, 1.23, 12.3, 123, 1 230. */
export function formatNumber(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return MISSING;
  const size = Math.abs(value);
  if (size >= 99.95) return formatCount(value);
  if (size === 0) return "0";
  const digits = size >= 9.995 ? 1 : size >= 0.9995 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(size)));
  return value.toFixed(digits);
}

/** A whole number in groups of three: 4 210. */
export function formatCount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return MISSING;
  const rounded = Math.round(value);
  return `${rounded < 0 ? "-" : ""}${String(Math.abs(rounded)).replace(/\B(?=(\d{3})+$)/g, " ")}`;
}

/** A whole number of things: 1 frame, 30 frames, 4 210 frames. */
export function formatCounted(count: number, thing: string): string {
  const plural = thing.endsWith("s") ? "es" : "s";
  return `${formatCount(count)} ${thing}${Math.round(count) === 1 ? "" : plural}`;
}

/** Nanoseconds in the unit that fits: 850 ns, 12.3 µs, 4.56 ms, 1.23 s, 2 min 05 s. */
export function formatDuration(ns: number | null, { unicode = true }: NumberStyle = {}): string {
  if (ns === null || !Number.isFinite(ns)) return MISSING;
  const size = Math.abs(ns);
  if (size < 999.5) return `${formatNumber(ns < 1 && ns > 0 ? ns : Math.round(ns * 10) / 10)} ns`;
  if (size < 999_500) return `${formatNumber(ns / 1e3)} ${unicode ? "µs" : "us"}`;
  if (size < 999_500_000) return `${formatNumber(ns / 1e6)} ms`;
  if (size < 59_950_000_000) return `${formatNumber(ns / 1e9)} s`;
  const seconds = Math.round(ns / 1e9);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${formatCount(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}

/** Bytes in powers of 1000: 43 B, 188 kB, 1.23 MB, 24.7 GB. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return MISSING;
  let value = bytes;
  let unit = 0;
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? formatCount(value) : formatNumber(value)} ${units[unit]}`;
}

/** A share, 1 = all, as percent: 57 %, 5.3 %, 0.4 %, 0.04 %; `<0.01 %` for what is less and not nothing. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return MISSING;
  const percent = share * 100;
  const size = Math.abs(percent);
  if (size === 0) return "0 %";
  if (size < 0.01) return "<0.01 %";
  return `${percent.toFixed(size >= 9.95 ? 0 : size >= 0.0995 ? 1 : 2)} %`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
