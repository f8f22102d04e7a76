/** Which commands there are for stored runs, their options and examples; each loads its code when it is called. */
import { type Command, Option } from "commander";
import { KEEP_OPTIONS } from "../config/options.ts";
import { type Examples, examplesText } from "./examples-text.ts";
import type { HistoryTexts } from "./history.ts";
import type { ImportOptions } from "./import.ts";
import type { PruneTexts } from "./prune.ts";
import type { RunsExportTexts, RunsListTexts, RunsShowTexts } from "./runs.ts";

const DATA = { flags: "--data <folder>", text: "the folder that runs.db is in (default: your data folder)" };
const DATABASE = {
  flags: "--database <url>",
  text: "a Postgres database instead: postgres://user:password@host:port/name",
};

/** Adds `runs` with its commands, and `import`; `done` takes the exit code. */
export function addRunsCommands(program: Command, done: (exitCode: number) => void): void {
  const runs = program
    .command("runs")
    .description("List, show, export, import and delete the runs that are stored on this machine.")
    .helpOption("-h, --help", "print this help")
    .addHelpText(
      "after",
      `${examplesText([
        ["volumark runs list --limit 5 --preset seed", "the last five of the seed scene"],
        ["volumark runs show 3fa9", "the report of the run whose id begins so"],
        ["volumark runs export 3fa9 --out run.json", "its record; its GIF if the file ends in .gif"],
      ])}
Runs lie in runs.db in your data folder; --data or VOLUMARK_DATA names another folder, as that
of a server, and --database or VOLUMARK_DATABASE a Postgres database. volumark run --no-store
or VOLUMARK_STORE=off stores nothing.
`,
    );
  kept(runs.command("list", { isDefault: true }))
    .description("List runs, the newest first; so does volumark runs alone.")
    .addOption(new Option("--limit <n>", "at most so many, 1 to 100000 (default: 20)"))
    .addOption(new Option("--preset <name>", "only those of the scene with this name"))
    .addOption(new Option("--json", "as one JSON document on standard output"))
    // A command that there is not ends here as well, and deserves a better sentence than one about arguments.
    .allowExcessArguments(true)
    .action(async (options: RunsListTexts, command: Command) =>
      done(await (await import("./runs.ts")).runsListCommand(options, command.args)),
    );
  kept(runs.command("show <id>"))
    .description("Print the report of a run; the beginning of its id will do.")
    .addOption(new Option("--json", "what the list knows of it, as one JSON document on standard output"))
    .action(async (id: string, options: RunsShowTexts) =>
      done(await (await import("./runs.ts")).runsShowCommand(id, options)),
    );
  kept(runs.command("export <id>"))
    .description("Write the record of a run, or its GIF, to a file.")
    .addOption(new Option("--out <file>", "the file; one that ends in .gif gets the GIF"))
    .action(async (id: string, options: RunsExportTexts) =>
      done(await (await import("./runs.ts")).runsExportCommand(id, options)),
    );
  for (const parent of [runs, program]) {
    kept(parent.command("import <file...>"))
      .description("Store records from files, also those of other programs that write this format.")
      .addOption(new Option("--json", "what was stored, as one JSON document on standard output"))
      .addHelpText("after", examplesText(importExamples(parent === runs ? "volumark runs import" : "volumark import")))
      .action(async (files: string[], options: ImportOptions) =>
        done(await (await import("./import.ts")).importCommand(files, options)),
      );
  }
  kept(runs.command("delete <id...>"))
    .description("Delete runs from the store, all that are named or none; files elsewhere stay.")
    .action(async (ids: string[], options: RunsShowTexts) =>
      done(await (await import("./runs.ts")).runsDeleteCommand(ids, options)),
    );
  const prune = kept(runs.command("prune")).description(
    "Remove runs by age, number or size, the oldest first; acknowledged runs stay. A file gets shorter, a Postgres database uses the space again.",
  );
  for (const { flags, text } of KEEP_OPTIONS) prune.addOption(new Option(flags, text));
  prune
    .addOption(new Option("--dry-run", "only say what would go"))
    .addOption(new Option("--json", "what went, as one JSON document on standard output"))
    .addHelpText(
      "after",
      examplesText([
        ["volumark runs prune --keep-days 30 --dry-run", "what is older than that"],
        ["volumark runs prune --keep-runs 500 --keep-bytes 2GB", "the newest 500, if they fit"],
      ]),
    )
    .action(async (options: PruneTexts) => done(await (await import("./prune.ts")).pruneCommand(options)));
  plain(runs.command("repair"))
    .description("Check the store; where it is damaged, save what can be read into a new one.")
    .addOption(new Option(DATA.flags, DATA.text))
    .action(async (options: { data?: string; color?: boolean }) =>
      done(await (await import("./runs.ts")).runsRepairCommand(options)),
    );
}

/** Adds `history`. */
export function addHistoryCommand(program: Command, done: (exitCode: number) => void): void {
  kept(program.command("history [reason]"))
    .description(
      "Show the stored runs that did the same work on this machine over time, with the steps in their times.",
    )
    .addOption(
      new Option("--stage <name>", "total, frame, field, surface, picture, convert or encode (default: total)"),
    )
    .addOption(new Option("--preset <name>", "only runs of the scene with this name"))
    .addOption(new Option("--limit <n>", "show the last so many, 1 to 10000 (default: 30)"))
    .addOption(new Option("--all-groups", "list what can be compared with what, instead of the newest of them"))
    .addOption(new Option("--acknowledge <id>", "note the reason that follows for the step that begins with this run"))
    .addOption(new Option("--json", "as one JSON document on standard output"))
    .addHelpText(
      "after",
      examplesText([
        ["volumark history --stage surface", "how the surface stage did over time"],
        ['volumark history --acknowledge 3fa9 "new compiler"', "the step that begins with this run is known"],
        ["volumark history --all-groups", "which settings and machines there are runs of"],
      ]),
    )
    .action(async (reason: string | undefined, options: HistoryTexts) =>
      done(await (await import("./history.ts")).historyCommand(options, reason)),
    );
}

const importExamples = (command: string): Examples => [
  [`${command} out/volumark-seed.json`, "a record of a run that was made without the store"],
  [`${command} --json records/*.json`, "many, and what became of each for a program"],
];

/** With where the runs are. */
function kept(command: Command): Command {
  for (const { flags, text } of [DATA, DATABASE]) command.addOption(new Option(flags, text));
  return plain(command);
}

function plain(command: Command): Command {
  return command
    .addOption(new Option("--no-color", "no colours"))
    .helpOption("-h, --help", "print this help")
    .allowExcessArguments(false);
}
