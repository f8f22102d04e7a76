/** `volumark presets`: the scenes that come with the engine. */
import { PRESETS, sceneDimension } from "@volumark/engine";
import { print } from "./output.ts";
import { paintFor, terminalTraits } from "./terminal.ts";

export async function presetsCommand(options: { json?: boolean; color?: boolean }): Promise<number> {
  if (options.json) {
    return print([`${JSON.stringify(PRESETS, null, 2)}\n`]);
  }
  const paint = paintFor(terminalTraits(process.stdout, process.env, options.color === false));
  const width = Math.max(...PRESETS.map(({ name }) => name.length));
  const lines = PRESETS.map(
    (scene, i) =>
      `${paint("bold", scene.name.padEnd(width))}  ${scene.description ?? ""} ${paint("dim", `(${i === 0 ? "default, " : ""}dimension ${sceneDimension(scene)})`)}\n`,
  );
  return print([...lines, paint("dim", "\nvolumark run --preset NAME makes one of them.\n")]);
}
