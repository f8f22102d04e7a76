/** The commands that make an animation, once or pass after pass: their options and examples. */
import { type Command, Option } from "commander";
import { type Examples, examplesText } from "./examples-text.ts";
import { exitCodesText } from "./exit-codes.ts";
import type { RunOptionTexts } from "./run-options.ts";

export type OptionList = readonly (readonly [flags: string, description: string])[];

const RUN_EXAMPLES: Examples = [
  ["volumark run", "the seed scene, 30 frames, into the folder out"],
  ["volumark run --dimension 128 --resolution 1024x768", "finer, larger"],
  ["volumark run --torus-altitude -0.2 --out ring.gif", "another ring, a name of your own"],
  ["volumark run --scene scene.json --frames 90 --lanes 1", "a scene of your own, on one thread"],
  ["volumark run --server http://bench:8440 --dimension 256", "on another machine, with the result here"],
  ["volumark run --quiet --json | jq .benchmark_data.performance_metrics", "only the numbers"],
];

const BENCH_EXAMPLES: Examples = [
  ["volumark bench", "the seed scene until the interval is 2 % wide, for at most a minute"],
  ["volumark bench --preset gyroid --until 1% --max-seconds 300", "a narrower interval of another scene"],
  ["volumark bench --suite standard --format markdown", "scores beside a reference machine, to paste into an issue"],
  ["volumark bench --lanes 1 --quiet --json > one-lane.json", "a record to compare with others"],
];

/** A volume from elsewhere in the place of the scene's shapes. */
export const VOLUME_OPTIONS: OptionList = [
  ["--volume <file>", "samples (.nrrd, .raw) or an expression (.vm) in place of the scene's shapes"],
  ["--level <value>", "of samples: the value at which the surface lies"],
  ["--inside <side>", "of samples: above or below the level (default: above)"],
  ["--size <NXxNYxNZ>", "of a .raw file: samples along x (fastest), y and z, 2 to 2048 each"],
  ["--type <name>", "of a .raw file: uint8, uint16 or float32"],
  ["--spacing <SXxSYxSZ>", "of a .raw file: distance of samples along each axis (default: 1x1x1)"],
  ["--endian <order>", "of a .raw file: little or big (default: little)"],
];

/** Parameters of the scene, in the order of the help. */
export const PARAMETER_OPTIONS: OptionList = [
  ["--torus-altitude <y>", "height of the ring, -4 to 4 (seed: -0.5)"],
  ["--torus-major-radius <r>", "radius of the ring, 0.001 to 4 (seed: 0.5)"],
  ["--torus-minor-radius <r>", "radius of its tube, less than that of the ring (seed: 0.1)"],
  ["--smooth-min-radius <r>", "how softly ring and slab join, 0 to 4 (seed: 0.5)"],
];

/** What is made. */
export const MADE_OPTIONS: OptionList = [
  ["--preset <name>", "a scene that comes with volumark (default: seed); see volumark presets"],
  ["--scene <file.json>", "a scene file instead; - is standard input"],
  ["--dimension <n>", "samples along each axis, 4 to 2048 (default: 32), or the scene's own"],
  ["--resolution <WxH>", "pixels, 1x1 to 4096x4096 (default: 512x384)"],
  ["--frames <n>", "frames, 1 to 100000 (default: 30)"],
  ["--fps <n>", "frames a second, 0.1 to 100 (default: 30)"],
  ...PARAMETER_OPTIONS,
  ...VOLUME_OPTIONS,
];

export const HOW_OPTIONS: OptionList = [
  ["--lanes <n>", "threads that make frames, 1 to 256 (default: one a processor)"],
  ["--backend <name>", "wasm or reference (default: wasm)"],
];

/** What may differ between the sides of a comparison, and may be common to both. */
export const COMPARED_OPTIONS: OptionList = [...MADE_OPTIONS, ...HOW_OPTIONS];

const OUTPUT_OPTIONS: OptionList = [
  ["--out <path>", "a folder, or a path ending in .gif; the record goes beside it (default: out)"],
  ["--json", "the record on standard output, as one JSON document"],
  ["--gif-output", "GIF_OUTPUT: and the record as the last line of standard output"],
  ["--no-store", "the run is not stored; see volumark runs"],
  ["--verify", "decode and check every frame of the GIF again, and check the mesh of one"],
  ["--quiet", "nothing on standard error but errors"],
  ["--no-color", "no colours"],
  ["--no-preview", "no small picture at the end"],
];

const SERVER_OPTIONS: OptionList = [
  ["--server <url>", "a server of volumark serve makes it; GIF and record come into --out as ever"],
  ["--key <key>", "for that server, where it asks for one; VOLUMARK_KEY keeps it out of the list of processes"],
  ["--machine <label>", "of that server's workers, only one with this label"],
];

/** Adds `run` and `bench`. */
export function addRunCommands(
  program: Command,
  handlers: { run(options: RunOptionTexts): Promise<void>; bench(options: RunOptionTexts): Promise<void> },
): void {
  describe(program.command("run"), RUN_EXAMPLES, {
    description: "Make an animation and the record of what it cost.",
    passes: [["--passes <n>", "make it so often, 1 to 1000, and give medians with their intervals (default: 1)"]],
    elsewhere: SERVER_OPTIONS,
  }).action((options: RunOptionTexts) => handlers.run(options));
  describe(program.command("bench"), BENCH_EXAMPLES, {
    description: "Make an animation again and again until its time is known well enough.",
    passes: [
      ["--until <width>", "passes until the 95 % interval of the median is so narrow, 0.1% to 50% (default: 2%)"],
      ["--max-seconds <s>", "but no longer than this, 1 to 86400 (default: 60)"],
      ["--suite <name>", "named runs instead and their scores: quick (20 s), standard (2 min) or full (6 min)"],
      ["--format <name>", "of a suite's scores: text or markdown (default: text)"],
    ],
  }).action((options: RunOptionTexts) => handlers.bench(options));
}

function describe(
  command: Command,
  examples: Examples,
  {
    description,
    passes,
    elsewhere = [],
  }: { readonly description: string; readonly passes: OptionList; readonly elsewhere?: OptionList },
): Command {
  const add = (title: string, options: OptionList) => {
    command.optionsGroup(title);
    for (const [flags, text] of options) command.addOption(new Option(flags, text));
  };
  command.description(description);
  add("What is made:", MADE_OPTIONS);
  add("How it is made (never changes a byte of the GIF):", [...HOW_OPTIONS, ...passes]);
  if (elsewhere.length > 0) add("Where it is made (default: here):", elsewhere);
  add("What comes out:", OUTPUT_OPTIONS);
  return command
    .optionsGroup("Other:")
    .helpOption("-h, --help", "print this help")
    .allowExcessArguments(false)
    .addHelpText("after", examplesText(examples) + exitCodesText());
}
