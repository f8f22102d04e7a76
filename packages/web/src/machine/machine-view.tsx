/** The machine of the server: what was found out, what was not, and what to do for quieter numbers. */
export function MachineView() {
  return <h2>Machine</h2>;
}
