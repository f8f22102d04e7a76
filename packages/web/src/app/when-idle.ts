/**
 * Work for a pause of the page, a task of its own, after `waitMs` at the earliest; soon after that where the browser doesn't
 * know of pauses. Gives what calls it off.
 */
export function whenIdle(work: () => void, waitMs = 0): () => void {
  let asked: number | null = null;
  const timer = setTimeout(() => {
    if (typeof requestIdleCallback === "function") asked = requestIdleCallback(() => work(), { timeout: 5000 });
    else work();
  }, waitMs);
  return () => {
    clearTimeout(timer);
    if (asked !== null) cancelIdleCallback(asked);
  };
}
