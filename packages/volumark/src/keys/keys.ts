/**
 * Keys of the server: who has one may do what its scope says. They lie in the store's database, so that every server of
 * one database has the same ones.
 *
 * A key is 256 random bits. What is kept is its SHA-256: with so many bits there is nothing to guess, and a slow hash would
 * only be a way to keep the server busy. Whoever reads the database learns no key.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Scope } from "../api/routes.ts";
import type { RunStore } from "../store/store.ts";
import { StoreError } from "../store/store-error.ts";
import type { AccessKeysTable } from "../store/tables.ts";

export type AccessKey = Omit<AccessKeysTable, "hash">;

export interface KeysOptions {
  readonly store: RunStore;
  /** How long what was found is believed, ms; a key that another process revokes works at most so long. */
  readonly cacheMs?: number;
  readonly now?: () => Date;
  readonly monotonicMs?: () => number;
}

export interface AccessKeys {
  /** Makes a key. `secret` is shown to its owner now and is nowhere afterwards. Throws `StoreError`, as all do. */
  add(name: string, scope: Scope): Promise<{ readonly key: AccessKey; readonly secret: string }>;
  /** All that were ever made, the oldest first. */
  list(): Promise<AccessKey[]>;
  /** Takes the right away from the key with this id, or whose id begins so. Throws `unknown-key` and `ambiguous`. */
  revoke(idOrPrefix: string): Promise<AccessKey>;
  /** Whether any key is in force. */
  any(): Promise<boolean>;
  /** The key in force that this secret is; null where it is none. */
  find(secret: string): Promise<AccessKey | null>;
  /** Whether `find` can answer without asking the database. */
  knows(secret: string): boolean;
}

const CACHE_MS = 2000;
/** Of the cache. Only keys in force are in it, so nobody without one can fill it. */
const MOST_CACHED = 1000;
const PREFIX = "vk_";
/** The prefix and 32 bytes as base64url. */
const SHAPE = /^vk_[A-Za-z0-9_-]{43}$/;
const MOST_NAME_CHARACTERS = 100;

export function openKeys({
  store,
  cacheMs = CACHE_MS,
  now = () => new Date(),
  monotonicMs = () => performance.now(),
}: KeysOptions): AccessKeys {
  const { db } = store;
  const cache = new Map<string, { readonly key: AccessKey; readonly until: number }>();

  function cached(hash: string): AccessKey | null {
    const entry = cache.get(hash);
    if (!entry || entry.until < monotonicMs()) return null;
    return entry.key;
  }

  async function find(secret: string): Promise<AccessKey | null> {
    if (!SHAPE.test(secret)) return null;
    const hash = hashOf(secret);
    const known = cached(hash);
    if (known) return known;
    cache.delete(hash);
    const row = await db.selectFrom("accessKeys").selectAll().where("hash", "=", hash).executeTakeFirst();
    if (!row || row.revokedAt !== null || !equal(row.hash, hash)) return null;
    const today = now().toISOString().slice(0, 10);
    if (row.usedOn !== today) await noteUse(row.id, today);
    const key = shown({ ...row, usedOn: today });
    const [oldest] = cache.keys();
    if (cache.size >= MOST_CACHED && oldest !== undefined) cache.delete(oldest);
    cache.set(hash, { key, until: monotonicMs() + cacheMs });
    return key;
  }

  /** A database that can't be written now must not keep out who only reads. */
  async function noteUse(id: string, today: string): Promise<void> {
    try {
      await db.updateTable("accessKeys").set({ usedOn: today }).where("id", "=", id).execute();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  return {
    find,
    knows: (secret) => cached(hashOf(secret)) !== null,
    async add(name, scope) {
      checkName(name);
      const secret = `${PREFIX}${randomBytes(32).toString("base64url")}`;
      const row: AccessKeysTable = {
        id: randomBytes(6).toString("hex"),
        name,
        scope,
        hash: hashOf(secret),
        createdAt: now().toISOString(),
        usedOn: null,
        revokedAt: null,
      };
      await db.insertInto("accessKeys").values(row).execute();
      return { key: shown(row), secret };
    },
    async list() {
      const rows = await db.selectFrom("accessKeys").selectAll().orderBy("createdAt").orderBy("id").execute();
      return rows.map(shown);
    },
    async revoke(idOrPrefix) {
      const rows = await db.selectFrom("accessKeys").selectAll().execute();
      const found = rows.filter(({ id }) => idOrPrefix !== "" && id.startsWith(idOrPrefix));
      const row = found.find(({ id }) => id === idOrPrefix) ?? found[0];
      if (!row) {
        throw new StoreError("unknown-key", {
          problem: `there is no key whose id begins with ${JSON.stringify(idOrPrefix.slice(0, 40))}`,
          action: "volumark keys list shows them.",
        });
      }
      if (found.length > 1 && row.id !== idOrPrefix) {
        throw new StoreError("ambiguous", {
          problem: `${found.length} keys have an id that begins with ${idOrPrefix}`,
          action: "Give more of it.",
          candidates: found.map(({ id }) => id),
        });
      }
      const revokedAt = row.revokedAt ?? now().toISOString();
      await db.updateTable("accessKeys").set({ revokedAt }).where("id", "=", row.id).execute();
      cache.delete(row.hash);
      return shown({ ...row, revokedAt });
    },
    async any() {
      const row = await db.selectFrom("accessKeys").select("id").where("revokedAt", "is", null).executeTakeFirst();
      return row !== undefined;
    },
  };
}

function shown({ id, name, scope, createdAt, usedOn, revokedAt }: AccessKeysTable): AccessKey {
  return { id, name, scope, createdAt, usedOn, revokedAt };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** In a time that does not depend on where they differ. */
function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function checkName(name: string): void {
  if (name.length > 0 && name.length <= MOST_NAME_CHARACTERS && !/[\p{Cc}\p{Cs}]/u.test(name)) return;
  throw new RangeError(
    `add key: a name has 1 to ${MOST_NAME_CHARACTERS} characters and no control characters, and this one has ${name.length}. Choose another one.`,
  );
}
