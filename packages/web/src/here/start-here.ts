/** The wish to make a run in this page; the dialog that hears it is fetched when there is one. */
import type { HereInput } from "./here-dialog.tsx";

const hosts = new Set<(input: HereInput) => void>();

/** Makes the run in this page and opens it. */
export function startHere(input: HereInput): void {
  for (const host of hosts) host(input);
}

/** Whoever shows runs; what it gives takes it away. */
export function onStartHere(host: (input: HereInput) => void): () => void {
  hosts.add(host);
  return () => hosts.delete(host);
}
