/** Numbers as a person reads them: thousands apart, units that fit, three digits that count. */
const THIN = "\u202f";

export function countText(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, THIN);
}

/** A time: ns, µs, ms, s, min, h; from 100 s on in two parts. */
export function timeText(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms === 0) return "0";
  const size = Math.abs(ms);
  if (size < 1e-3) return `${digits(ms * 1e6)}${THIN}ns`;
  if (size < 1) return `${digits(ms * 1e3)}${THIN}µs`;
  if (size < 1000) return `${digits(ms)}${THIN}ms`;
  if (size < 100_000) return `${digits(ms / 1000)}${THIN}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${THIN}min ${seconds % 60}${THIN}s`;
  return `${Math.floor(seconds / 3600)}${THIN}h ${Math.floor((seconds % 3600) / 60)}${THIN}min`;
}

/** A moment of an animation: seconds to the hundredth, so that it keeps its place while it runs. */
export function momentText(ms: number): string {
  return `${(ms / 1000).toFixed(2)}${THIN}s`;
}

/** What is left of a run: rounded so that it does not flicker. */
export function leftText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return "less than a second left";
  if (seconds < 90) return `about ${Math.ceil(seconds - 0.05)}${THIN}s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)}${THIN}min left`;
  return `about ${Math.round(seconds / 3600)}${THIN}h left`;
}

export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? countText(value) : digits(value)}${THIN}${units[unit]}`;
}

/** One noun or the other. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${countText(value)}${THIN}${value === 1 ? one : many}`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return countText(value);
  return value.toFixed(size >= 9.995 ? 1 : 2);
}
