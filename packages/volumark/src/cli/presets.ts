/** `volumark presets`: the scenes that come with the engine. */
import { PRESETS, sceneDimension } from "@volumark/engine";
import { EXIT } from "./exit-codes.ts";
import { writeAll } from "./output.ts";
import { paintFor, terminalTraits } from "./terminal.ts";

export async function presetsCommand(options: { json?: boolean; color?: boolean }): Promise<number> {
  if (options.json) {
    const outcome = await writeAll(process.stdout, [`${JSON.stringify(PRESETS, null, 2)}\n`]);
    return outcome.state === "failed" ? EXIT.failed : EXIT.done;
  }
  const paint = paintFor(terminalTraits(process.stdout, process.env, options.color === false));
  const width = Math.max(...PRESETS.map(({ name }) => name.length));
  const lines = PRESETS.map(
    (scene, i) =>
      `${paint("bold", scene.name.padEnd(width))}  ${scene.description ?? ""} ${paint("dim", `(${i === 0 ? "default, " : ""}dimension ${sceneDimension(scene)})`)}\n`,
  );
  const outcome = await writeAll(process.stdout, [
    ...lines,
    paint("dim", "\nvolumark run --preset NAME makes one of them.\n"),
  ]);
  return outcome.state === "failed" ? EXIT.failed : EXIT.done;
}
