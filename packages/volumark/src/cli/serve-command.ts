/** The commands of the service: `serve`, `worker`, `backup` and `restore`; each loads its code when it is called. */
import { type Command, Option } from "commander";
import { type OptionGroup, SERVE_GROUPS, WORKER_GROUPS } from "../config/options.ts";
import type { BackupTexts, RestoreTexts } from "./backup.ts";
import { type Examples, examplesText } from "./examples-text.ts";
import type { ServeTexts } from "./serve.ts";
import type { WorkerTexts } from "./worker-loop.ts";

const CONFIG_TEXT = `
Each option is also an environment variable (--keep-days is VOLUMARK_KEEP_DAYS, --no-worker is
VOLUMARK_WORKER=off) and a key of the configuration file ({"keepDays": 30, "worker": false}).
The command line counts before the environment, that before the file, that before the default.
`;

const STOP_TEXT = `
Ctrl-C (SIGTERM, SIGHUP) takes nothing new, gives the run under way the time of --grace and stores it, or
puts it back into the queue, and ends with 0; a second one ends at once, and the run is made again later.
`;

/** Adds them; `done` takes the exit code. */
export function addServiceCommands(program: Command, done: (exitCode: number) => void): void {
  const serve = described(
    program.command("serve"),
    "Take runs over HTTP, keep them, and show them on a page; on this machine alone unless told otherwise.",
    SERVE_GROUPS,
  );
  ended(
    serve,
    [["--check", "check the configuration, the database, the folder and the port, and start nothing"]],
    [
      ["volumark serve", "on http://127.0.0.1:8440, with runs in your data folder"],
      ["volumark serve --port 0 --data /srv/volumark", "on any free port, in a folder of its own"],
      ["volumark serve --config serve.json --check", "what it would do, and whether it can"],
      ["volumark serve --host 0.0.0.0 --database postgres://…", "for others, who need a key: volumark keys add"],
    ],
  ).action(async (options: ServeTexts) => done(await (await import("./serve.ts")).serveCommand(options)));

  const worker = described(
    program.command("worker"),
    "Make the runs of a server's queue, on its machine or, with Postgres, on another one.",
    WORKER_GROUPS,
  );
  ended(
    worker,
    [["--quiet", "no line a run; errors only"]],
    [
      [
        "volumark worker --database postgres://… --machine bench-2",
        "runs that ask for bench-2, and those that ask for none",
      ],
      ["volumark worker --data /srv/volumark", "beside volumark serve --no-worker --data /srv/volumark"],
    ],
  ).action(async (options: WorkerTexts) => done(await (await import("./worker-loop.ts")).workerCommand(options)));

  addBackupCommands(program, done);
}

function addBackupCommands(program: Command, done: (exitCode: number) => void): void {
  const where = (command: Command) => {
    for (const { flags, text } of WORKER_GROUPS[0]!.options) {
      if (flags.startsWith("--data "))
        command.addOption(new Option("--data <folder>", "where runs.db is (default: your data folder)"));
      else command.addOption(new Option(flags, text));
    }
    return command;
  };
  plain(where(program.command("backup <file>")))
    .description("Write everything that is stored, runs, queue and keys, into one file, also while a server runs.")
    .addOption(new Option("--force", "replace the file where there is one"))
    .addHelpText(
      "after",
      `${examplesText([
        ["volumark backup runs-monday.db", "of your data folder"],
        ["volumark backup runs.db --database postgres://…", "of a Postgres database, as a file"],
      ])}\nThe file is there whole and checked, or not at all, in a folder that is made where there is none;\nvolumark restore puts it into a data folder.\n`,
    )
    .action(async (file: string, options: BackupTexts) =>
      done(await (await import("./backup.ts")).backupCommand(file, options)),
    );
  plain(program.command("restore <file>"))
    .description("Put a backup into a data folder; nothing may be using it.")
    .addOption(new Option("--data <folder>", "the folder (default: your data folder)"))
    .addOption(new Option("--force", "replace what is stored there; it is kept beside it"))
    .addHelpText("after", examplesText([["volumark restore runs-monday.db --data /srv/volumark", "into that folder"]]))
    .action(async (file: string, options: RestoreTexts) =>
      done(await (await import("./backup.ts")).restoreCommand(file, options)),
    );
}

function described(command: Command, description: string, groups: readonly OptionGroup[]): Command {
  command.description(description);
  for (const { title, options } of groups) {
    command.optionsGroup(title);
    for (const { flags, text } of options) command.addOption(new Option(flags, text));
  }
  return command
    .optionsGroup("Other:")
    .addOption(new Option("--config <file>", "a JSON file with any of these settings"));
}

function ended(command: Command, options: readonly (readonly [string, string])[], examples: Examples): Command {
  for (const [flags, text] of options) command.addOption(new Option(flags, text));
  return plain(command).addHelpText("after", examplesText(examples) + CONFIG_TEXT + STOP_TEXT);
}

function plain(command: Command): Command {
  return command
    .addOption(new Option("--no-color", "no colours"))
    .helpOption("-h, --help", "print this help")
    .allowExcessArguments(false);
}
