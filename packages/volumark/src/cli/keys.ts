/** `volumark keys`: who may use the server. */
import { MISSING, table } from "@volumark/measure";
import { SCOPES } from "../api/routes.ts";
import { type AccessKey, openKeys } from "../keys/keys.ts";
import { clean, localTime, printOut as print, type StorePlace, withStore } from "./stored-runs.ts";
import { UsageError } from "./usage-error.ts";
import { readChoice } from "./values.ts";

export interface KeysTexts extends StorePlace {
  readonly name?: string;
  readonly scope?: string;
  readonly json?: boolean;
  readonly color?: boolean;
}

export async function keysAddCommand(texts: KeysTexts): Promise<number> {
  const { name, json } = texts;
  if (name === undefined) throw new UsageError("keys add needs --name and whose the key is, as in --name ci");
  const scope = readChoice("--scope", texts.scope ?? "read", SCOPES);
  return withStore({ ...texts, durable: true, makes: true }, async (store) => {
    const keys = openKeys({ store });
    const { key, secret } = await keys.add(name, scope).catch((error: unknown) => {
      throw error instanceof RangeError ? new UsageError(error.message) : error;
    });
    if (json) return print([`${JSON.stringify({ ...key, key: secret }, null, 2)}\n`]);
    // The key alone on standard output, so that a script can take it from there.
    process.stderr.write(`Key ${key.id} of ${clean(name)}, scope ${scope}. It is shown only now:\n`);
    return print([`${secret}\n`]);
  });
}

export async function keysListCommand(texts: KeysTexts, words: readonly string[] = []): Promise<number> {
  if (words.length > 0)
    throw new UsageError(`There is no command keys ${words[0]}; volumark keys --help lists what there is`);
  return withStore(texts, async (store, paint) => {
    const keys = await openKeys({ store }).list();
    if (texts.json) return print([`${JSON.stringify(keys, null, 2)}\n`]);
    if (keys.length === 0)
      return print([paint("dim", `There are no keys in ${store.path} yet; volumark keys add makes one.\n`)]);
    const lines = table(COLUMNS, keys.map(rowOf), (cell, row, column) => {
      if (row < 0 || keys[row]?.revokedAt !== null) return paint("dim", cell);
      return column === 0 ? paint("bold", cell) : cell;
    });
    return print([`${lines.join("\n")}\n`]);
  });
}

export async function keysRevokeCommand(id: string, texts: KeysTexts): Promise<number> {
  return withStore({ ...texts, durable: true }, async (store) => {
    const key = await openKeys({ store }).revoke(id);
    if (texts.json) return print([`${JSON.stringify(key, null, 2)}\n`]);
    return print([`${key.id} of ${clean(key.name)} is revoked\n`]);
  });
}

const COLUMNS = [
  { title: "key" },
  { title: "name" },
  { title: "scope" },
  { title: "made" },
  { title: "last used" },
  { title: "revoked" },
] as const;

function rowOf({ id, name, scope, createdAt, usedOn, revokedAt }: AccessKey): string[] {
  const revoked = revokedAt === null ? MISSING : localTime(revokedAt);
  return [id, clean(name), scope, localTime(createdAt), usedOn ?? MISSING, revoked];
}
