/**
 * The command line: which commands and options there are, and what is said about a wrong one.
 *
 * The commands themselves are loaded when they are called. Numbers in the help are written out, so that help loads no
 * engine; a test compares them with the engine's.
 */

import { Command, CommanderError, Option } from "commander";
import { programVersion } from "../job/version.ts";
import { checkWords, withCommand } from "./check-words.ts";
import type { CompareOptionTexts } from "./compare.ts";
import { addCompareCommand } from "./compare-command.ts";
import { type Examples, examplesText } from "./examples-text.ts";
import { EXIT, exitCodesText } from "./exit-codes.ts";
import { addKeysCommands } from "./keys-commands.ts";
import type { MomentOptionTexts } from "./moment-options.ts";
import { absorbStreamErrors, print } from "./output.ts";
import { printable } from "./printable.ts";
import type { ReportOptionTexts } from "./report.ts";
import { addRunCommands, PARAMETER_OPTIONS, VOLUME_OPTIONS } from "./run-commands.ts";
import type { RunOptionTexts } from "./run-options.ts";
import { addHistoryCommand, addRunsCommands } from "./runs-commands.ts";
import { addServiceCommands } from "./serve-command.ts";
import { paintFor, terminalTraits } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Runs the command line `words` (without node and script) and returns the exit code. */
export async function main(typed: readonly string[]): Promise<number> {
  const words = withCommand(typed);
  absorbStreamErrors(process.stdout, process.stderr);
  const help: string[] = [];
  let exitCode: number = EXIT.done;
  const program = buildProgram({
    run: async (options) => {
      const { runCommand } = await import("./run.ts");
      exitCode = await runCommand(options, words);
    },
    bench: async (options) => {
      const { benchCommand } = await import("./run.ts");
      exitCode = await benchCommand(options, words);
    },
    compare: async (runs, options) => {
      const { compareCommand } = await import("./compare.ts");
      exitCode = await compareCommand(runs, options, words);
    },
    mesh: async (options) => {
      const { meshCommand } = await import("./mesh.ts");
      exitCode = await meshCommand(options);
    },
    frame: async (options) => {
      const { frameCommand } = await import("./frame.ts");
      exitCode = await frameCommand(options);
    },
    report: async (run, options) => {
      const { reportCommand } = await import("./report.ts");
      exitCode = await reportCommand(run, options);
    },
    info: async (options) => {
      const { infoCommand } = await import("./info.ts");
      exitCode = await infoCommand(options);
    },
    presets: async (options) => {
      const { presetsCommand } = await import("./presets.ts");
      exitCode = await presetsCommand(options);
    },
    done: (code) => {
      exitCode = code;
    },
    writeHelp: (text) => help.push(text),
  });
  try {
    if (words.length === 0) program.outputHelp();
    else {
      const warnings = await checkWords(program, words);
      if (!words.includes("--quiet")) for (const text of warnings) process.stderr.write(`${printable(text)}\n`);
      await program.parseAsync(helpOfKnown(program, words), { from: "user" });
    }
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) exitCode = EXIT.done;
    else exitCode = sayWhatIsWrong(error, words);
  }
  return help.length > 0 ? print(help) : exitCode;
}

/** The parser gives the whole help for `nonsense --help` and says nothing of the command; without the flag it does. */
function helpOfKnown(program: Command, words: readonly string[]): string[] {
  const [name = ""] = words;
  const known = name.startsWith("-") || name === "help" || program.commands.some((one) => one.name() === name);
  return words.filter((word) => known || (word !== "--help" && word !== "-h"));
}

/** One line a finding; the trace only where this program is at fault. */
function sayWhatIsWrong(error: unknown, words: readonly string[]): number {
  const traits = terminalTraits(process.stderr, process.env, words.includes("--no-color"));
  const paint = paintFor(traits);
  if (error instanceof UsageError) {
    process.stderr.write(`${paint("red", error.message)}\n`);
    return EXIT.usage;
  }
  if (error instanceof CommanderError) {
    // `help` of a command that there is not prints the whole help and says nothing of the command.
    const message = error.code === "commander.help" ? `unknown command '${words.at(-1)}'` : error.message;
    process.stderr.write(`${paint("red", printable(usageSentence(message)))}\n`);
    return EXIT.usage;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${paint("red", "This is a mistake in volumark; please report it with what follows.")}\n${trace}\n`,
  );
  return EXIT.failed;
}

/** Longer unknown words are cut. */
const MOST_ECHOED = 40;

/** Commander's `error: unknown option '--x'\n(Did you mean --y?)` as one sentence. */
export function usageSentence(message: string): string {
  const hint = /\(Did you mean (?:one of )?(.+?)\?\)/.exec(message)?.[1]?.replace(/, ([^,]*)$/, " or $1");
  const suggestion = hint === undefined ? "" : `; did you mean ${hint}?`;
  // What was typed may have line breaks; the hint stands on the last line.
  const first = message.replace(/^error: /, "").replace(/\n\(Did you mean .*\)$/, "");
  const unknown = /^unknown (option|command) '(.*)'$/s.exec(first);
  const argument = /^missing required argument '(.*)'$/.exec(first);
  if (argument) return `<${argument[1]}> is missing; volumark --help shows how each command is called`;
  if (!unknown) return first + suggestion;
  const [, kind, word = ""] = unknown;
  const name = word.length > MOST_ECHOED ? `${word.slice(0, MOST_ECHOED)}…` : word;
  return `There is no ${kind} ${name || '""'}${suggestion || "; volumark --help lists what there is"}`;
}

export interface Handlers {
  run(options: RunOptionTexts): Promise<void>;
  bench(options: RunOptionTexts): Promise<void>;
  compare(runs: readonly string[], options: CompareOptionTexts): Promise<void>;
  mesh(options: MomentOptionTexts): Promise<void>;
  frame(options: MomentOptionTexts): Promise<void>;
  report(run: string, options: ReportOptionTexts): Promise<void>;
  info(options: { json?: boolean; color?: boolean }): Promise<void>;
  presets(options: { json?: boolean; color?: boolean }): Promise<void>;
  /** Takes the exit code of the commands that load themselves. */
  done(exitCode: number): void;
  writeHelp(text: string): void;
}

const MESH_EXAMPLES: Examples = [
  ["volumark mesh --time 0.5 --dimension 128 --out seed.glb", "for a browser, Blender or a game engine"],
  ["volumark mesh --dimension 256 --closed --weld --out seed.stl", "for a slicer"],
  ["volumark mesh --dimension 256 --out seed.ply --repeat 20 --json", "how long field and surface take"],
];

const FRAME_EXAMPLES: Examples = [
  ["volumark frame --time 0.5 --out seed.png", "one picture of the seed scene"],
  ["volumark frame --dimension 256 --resolution 1920x1440 --out seed.png", "finer, larger"],
  ["volumark frame --out seed.png --repeat 20 --json", "how long each stage takes"],
];

const REPORT_EXAMPLES: Examples = [
  ["volumark report out/volumark-seed.json", "the report of a run again, in the terminal"],
  ["volumark report out/volumark-seed.json --out seed.html", "one file with animation and charts, for a browser"],
  ["volumark report out/volumark-seed.json --out seed.trace.json", "every stage of every frame, for ui.perfetto.dev"],
  ["volumark run --quiet --json | volumark report - --format csv", "every number as a line of a table"],
];

/** The scene, for the commands that make one moment of it. */
const MOMENT_SCENE_OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  ["--preset <name>", "a scene that comes with volumark (default: seed); see volumark presets"],
  ["--scene <file.json>", "a scene file instead; - is standard input"],
  ["--time <t>", "seconds, 0 to 1000000 (default: 0)"],
  ["--dimension <n>", "samples along each axis, 4 to 2048 (default: 32), or the scene's own"],
  ...PARAMETER_OPTIONS,
];

const MESH_OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  ["--topology <name>", "classic, or trilinear: connected as the interpolated field is (default: classic)"],
  ["--weld", "no two vertices at one place, no triangle without area, none twice"],
  ["--closed", "capped at the bounds of the grid, also where the scene does not ask for it"],
];

const MOMENT_OUTPUT_OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  ["--json", "counts, times of the stages and the file's hash on standard output, as one JSON document"],
  ["--repeat <n>", "make it so often and give best and median of each stage, 1 to 1000 (default: 1)"],
  ["--backend <name>", "wasm or reference (default: wasm)"],
  ["--quiet", "nothing on standard error but errors"],
  ["--no-color", "no colours"],
];

/** All commands with their options. */
export function buildProgram(handlers: Handlers): Command {
  const program = new Command("volumark")
    .description("Animates an implicit volume and tells what every frame cost on this machine.")
    .version(programVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ writeOut: handlers.writeHelp, writeErr: () => undefined, outputError: () => undefined })
    .addHelpText(
      "after",
      examplesText([
        ["volumark run", "make the seed animation and its record"],
        ["volumark presets", "see what else there is to make"],
        ["volumark runs list", "see the runs that were stored"],
        ["volumark info", "see what this machine can tell about itself"],
        ["volumark serve", "a page in the browser, and runs for others"],
        ["volumark help run", "all options of run"],
      ]) +
        "\nOptions without a command are those of run; of an option given twice the last one counts.\n" +
        exitCodesText(),
    );

  addRunCommands(program, handlers);
  addCompareCommand(program, handlers.compare);

  addMoment(program.command("mesh"), MESH_EXAMPLES, {
    description: "Write the surface at one moment as a mesh: world units, +y up, with normals.",
    options: [...MOMENT_SCENE_OPTIONS, ...VOLUME_OPTIONS, ...MESH_OPTIONS],
    out: "a file whose name ends in .stl or .ply (both binary), .obj or .glb",
  }).action((options: MomentOptionTexts) => handlers.mesh(options));

  addMoment(program.command("frame"), FRAME_EXAMPLES, {
    description: "Draw one moment and write it as PNG, exactly the pixels of the renderer.",
    options: [
      ...MOMENT_SCENE_OPTIONS,
      ["--resolution <WxH>", "pixels, 1x1 to 4096x4096 (default: 512x384)"],
      ...VOLUME_OPTIONS,
    ],
    out: "a file whose name ends in .png",
  }).action((options: MomentOptionTexts) => handlers.frame(options));

  program
    .command("report")
    .description("Show a recorded run again: as text, Markdown, a page for a browser, a table or a trace.")
    .argument("<run>", "its record, the .json beside its GIF; the beginning of a stored run's id; - for standard input")
    .addOption(
      new Option(
        "--format <name>",
        "text, markdown, html, csv or trace (default: by the ending of --out, .json being a trace; else text)",
      ),
    )
    .addOption(new Option("--out <file>", "a file in place of standard output: .txt, .md, .html, .csv or .json"))
    .addOption(
      new Option("--baseline <run>", "an earlier run that this one is held against in the answer and the stage table"),
    )
    .addOption(new Option("--no-color", "no colours"))
    .helpOption("-h, --help", "print this help")
    .allowExcessArguments(false)
    .addHelpText("after", examplesText(REPORT_EXAMPLES))
    .action((run: string, options: ReportOptionTexts) => handlers.report(run, options));

  program
    .command("info")
    .description("Show the machine, its sensors and the limits, and why what is missing is missing.")
    .addOption(new Option("--json", "as one JSON document on standard output"))
    .addOption(new Option("--no-color", "no colours"))
    .helpOption("-h, --help", "print this help")
    .allowExcessArguments(false)
    .addHelpText(
      "after",
      examplesText([
        ["volumark info", "for reading"],
        ["volumark info --json", "for a program"],
      ]),
    )
    .action((options: { json?: boolean; color?: boolean }) => handlers.info(options));

  program
    .command("presets")
    .description("List the scenes that come with volumark.")
    .addOption(new Option("--json", "the scenes themselves as one JSON document on standard output"))
    .addOption(new Option("--no-color", "no colours"))
    .helpOption("-h, --help", "print this help")
    .allowExcessArguments(false)
    .addHelpText(
      "after",
      examplesText([
        ["volumark presets", "names and what they show"],
        ["volumark run --preset seed", "make one of them"],
        ["volumark presets --json", "the scenes as data, to start a scene file from"],
      ]),
    )
    .action((options: { json?: boolean; color?: boolean }) => handlers.presets(options));
  addRunsCommands(program, handlers.done);
  addHistoryCommand(program, handlers.done);
  addKeysCommands(program, handlers.done);
  addServiceCommands(program, handlers.done);
  return program;
}

/** Gives a command the options of one moment of a scene. */
function addMoment(
  command: Command,
  examples: Examples,
  texts: {
    readonly description: string;
    readonly options: readonly (readonly [flags: string, description: string])[];
    readonly out: string;
  },
): Command {
  command.description(texts.description).optionsGroup("What is made:");
  for (const [flags, description] of texts.options) command.addOption(new Option(flags, description));
  command.optionsGroup("What comes out:").addOption(new Option("--out <file>", texts.out));
  for (const [flags, description] of MOMENT_OUTPUT_OPTIONS) command.addOption(new Option(flags, description));
  return command
    .optionsGroup("Other:")
    .helpOption("-h, --help", "print this help")
    .allowExcessArguments(false)
    .addHelpText("after", `${examplesText(examples)}\nThe file is there whole or not at all.\n`);
}
