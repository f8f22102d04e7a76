/** Keys on each database that there is here. */
import { expect, test } from "vitest";
import { type Bench, onEachDatabase } from "../queue/fixtures/queues.ts";
import { openKeys } from "./keys.ts";

onEachDatabase((withBench) => {
  const withKeys = (work: (bench: Bench & { keys: ReturnType<typeof openKeys> }) => Promise<void>) =>
    withBench({}, (bench) => {
      const { store, clock } = bench;
      const now = () => new Date(clock.wallMs);
      const keys = openKeys({ store, now, monotonicMs: () => clock.monotonicMs });
      return work({ ...bench, keys });
    });

  test("a key is found by its secret alone, and nothing in the database gives the secret away", () =>
    withKeys(async ({ keys, store }) => {
      expect(await keys.any()).toBe(false);
      const { key, secret } = await keys.add("ci", "run");
      const other = await keys.add("ci", "read");
      expect(secret).toMatch(/^vk_[A-Za-z0-9_-]{43}$/);
      expect(secret).not.toBe(other.secret);
      expect(await keys.find(secret)).toMatchObject({ id: key.id, name: "ci", scope: "run", revokedAt: null });
      for (const wrong of ["", "vk_", key.id, `${secret}a`, secret.slice(0, -1), secret.toLowerCase(), ` ${secret}`])
        expect(await keys.find(wrong)).toBeNull();
      expect(await keys.any()).toBe(true);
      const rows = JSON.stringify(await store.db.selectFrom("accessKeys").selectAll().execute());
      expect(rows).not.toContain(secret.slice(3, 15));
      expect(JSON.stringify(await keys.list())).not.toMatch(/"hash"/);
    }));

  test("a revoked key works no longer: at once here, and elsewhere after two seconds", () =>
    withKeys(async ({ keys, store, clock }) => {
      const elsewhere = openKeys({ store, monotonicMs: () => clock.monotonicMs });
      const { key, secret } = await keys.add("laptop", "admin");
      expect(await keys.find(secret)).not.toBeNull();
      expect(await elsewhere.find(secret)).not.toBeNull();
      expect(elsewhere.knows(secret)).toBe(true);
      const revoked = await keys.revoke(key.id.slice(0, 6));
      expect(revoked).toMatchObject({ id: key.id, revokedAt: "2026-11-24T10:00:00.000Z" });
      expect(await keys.find(secret)).toBeNull();
      expect(await keys.any()).toBe(false);
      clock.monotonicMs += 2001;
      expect(elsewhere.knows(secret)).toBe(false);
      expect(await elsewhere.find(secret)).toBeNull();
      clock.wallMs += 60_000;
      expect((await keys.revoke(key.id)).revokedAt).toBe("2026-11-24T10:00:00.000Z");
    }));

  test("the day of the last use is noted, once a day", () =>
    withKeys(async ({ keys, clock }) => {
      const { secret } = await keys.add("ci", "read");
      expect((await keys.list())[0]?.usedOn).toBeNull();
      await keys.find(secret);
      expect((await keys.list())[0]?.usedOn).toBe("2026-11-24");
      clock.wallMs += 24 * 3_600_000;
      clock.monotonicMs += 10_000;
      await keys.find(secret);
      expect((await keys.list())[0]?.usedOn).toBe("2026-11-25");
    }));

  test("an id that is none, or that several keys begin with, is refused", () =>
    withKeys(async ({ keys, store }) => {
      for (const name of ["one", "two"]) {
        const { key } = await keys.add(name, "read");
        await store.db
          .updateTable("accessKeys")
          .set({ id: `ab${name}` })
          .where("id", "=", key.id)
          .execute();
      }
      await expect(keys.revoke("")).rejects.toMatchObject({ code: "unknown-key" });
      await expect(keys.revoke("zz")).rejects.toMatchObject({ code: "unknown-key" });
      await expect(keys.revoke("ab")).rejects.toMatchObject({ code: "ambiguous", candidates: ["abone", "abtwo"] });
      expect((await keys.list()).every(({ revokedAt }) => revokedAt === null)).toBe(true);
    }));

  test("a name with control characters, without any or with too many is refused", () =>
    withKeys(async ({ keys }) => {
      for (const name of ["", "a\nb", "\u001b[2J", "\0", "\ud800", "x".repeat(101)])
        await expect(keys.add(name, "read")).rejects.toThrow("add key: a name has 1 to 100 characters");
      expect(await keys.list()).toEqual([]);
    }));
});
