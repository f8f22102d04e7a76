/** Examples below the options of a command: what to type, and what it is good for. */

export type Examples = readonly (readonly [command: string, what: string])[];

export function examplesText(examples: Examples): string {
  const lines = examples.map(([command, what]) => `  ${command}\n      ${what}`);
  return `\nExamples:\n${lines.join("\n")}\n`;
}
