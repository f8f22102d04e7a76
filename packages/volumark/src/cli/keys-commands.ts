/** Which commands there are for keys of the server; each loads its code when it is called. */
import { type Command, Option } from "commander";
import { examplesText } from "./examples-text.ts";
import type { KeysTexts } from "./keys.ts";

/** Adds `keys` with its commands; `done` takes the exit code. */
export function addKeysCommands(program: Command, done: (exitCode: number) => void): void {
  const keys = program
    .command("keys")
    .description("Make, list and revoke the keys that a server on an address of others' asks for.")
    .helpOption("-h, --help", "print this help")
    .addHelpText(
      "after",
      `${examplesText([
        ["volumark keys add --name ci --scope run", "prints a key that may submit and read runs"],
        ["volumark keys list", "who has one, and when it was used last"],
        ["volumark keys revoke 3fa9", "the key whose id begins so works no longer"],
      ])}
A key is printed once and kept only as a hash. Scopes: read, run (submits, cancels and
deletes as well), admin. Send it as "Authorization: Bearer KEY".
`,
    );
  shared(keys.command("add"))
    .description("Make a key and print it; there is no other time to see it.")
    .addOption(new Option("--name <text>", "whose it is or what it is for, 1 to 100 characters"))
    .addOption(new Option("--scope <scope>", "read, run or admin (default: read)"))
    .action(async (options: KeysTexts) => done(await (await import("./keys.ts")).keysAddCommand(options)));
  shared(keys.command("list", { isDefault: true }))
    .description("List keys, the oldest first; so does volumark keys alone.")
    // A command that there is not ends here as well, and deserves a better sentence than one about arguments.
    .allowExcessArguments(true)
    .action(async (options: KeysTexts, command: Command) =>
      done(await (await import("./keys.ts")).keysListCommand(options, command.args)),
    );
  shared(keys.command("revoke <id>"))
    .description("Take its right from a key, by its id or the beginning of it; servers notice within two seconds.")
    .action(async (id: string, options: KeysTexts) =>
      done(await (await import("./keys.ts")).keysRevokeCommand(id, options)),
    );
}

function shared(command: Command): Command {
  return command
    .addOption(new Option("--data <folder>", "the data folder of the server (default: yours)"))
    .addOption(new Option("--database <url>", "its Postgres database, in place of the file in the data folder"))
    .addOption(new Option("--json", "as one JSON document on standard output"))
    .addOption(new Option("--no-color", "no colours"))
    .helpOption("-h, --help", "print this help")
    .allowExcessArguments(false);
}
