/** The store on Postgres: the same promises as on SQLite, and those that several machines need. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PostgresServer, postgresReason, startPostgres } from "./fixtures/postgres.ts";
import { foreignRecord, ownRecord } from "./fixtures/stores.ts";
import { shownAddress } from "./postgres.ts";
import { openStore, type RunStore } from "./store.ts";
import { storeError } from "./store-error.ts";

const reason = postgresReason();

describe.skipIf(reason !== null)(
  reason === null ? "a store on Postgres" : `a store on Postgres: skipped, ${reason}`,
  () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());

    const withStores = async (count: number, work: (...stores: RunStore[]) => Promise<void>) => {
      const url = await server.newDatabase();
      const stores = await Promise.all(Array.from({ length: count }, () => openStore({ url })));
      try {
        await work(...stores);
      } finally {
        for (const store of stores) await store.close();
      }
    };

    test("gives back what was stored, own and foreign, with the GIF; adding it again adds nothing", () =>
      withStores(1, async (store) => {
        const [own, foreign] = [await ownRecord(), await foreignRecord()];
        expect(await store.add(own)).toEqual({ id: "tiny", added: true });
        expect(await store.add(own)).toEqual({ id: "tiny", added: false });
        const { id } = await store.add(foreign);
        expect((await store.get("tiny")).record).toEqual(own);
        expect((await store.get(id.slice(0, 8))).record).toEqual(foreign);
        expect(Buffer.from((await store.gif("tiny"))!).toString("base64")).toBe(own.gif_data);
        const listed = await store.list({ filter: { source: "own" } });
        expect(listed).toHaveLength(1);
        expect(typeof listed[0]!.totalNs).toBe("number");
        expect(await store.series("total", { source: "own" })).toEqual([
          {
            startedAt: listed[0]!.startedAt,
            id: "tiny",
            ns: listed[0]!.totalNs,
            settingsHash: listed[0]!.settingsHash,
            machine: listed[0]!.machine,
          },
        ]);
        await store.acknowledge("tiny", "seen");
        expect((await store.get("tiny")).summary.acknowledged).toBe("seen");
        await expect(store.add(await ownRecord({ startedAt: "2020-01-01T00:00:00Z" }))).rejects.toMatchObject({
          code: "conflict",
        });
      }));

    test("a GIF of several parts comes back whole", () =>
      withStores(1, async (store) => {
        const record = Object.assign(await ownRecord(), { gif_data: "", gif_bytestream: [] });
        const gif = Uint8Array.from({ length: 2.5 * 1024 ** 2 }, (_, i) => (i * 7919) >> 3);
        await store.add(record, gif);
        expect(Buffer.compare((await store.gif("tiny"))!, gif)).toBe(0);
      }));

    test("opened by several at once where nothing was, it is made once", () =>
      withStores(6, async (...stores) => {
        expect(await stores[0]!.db.selectFrom("storeVersion").selectAll().execute()).toHaveLength(1);
        await stores[5]!.add(await ownRecord());
        expect(await stores[1]!.list()).toHaveLength(1);
      }));

    test("a GIF that one adds while another removes the last run that had it is there for the run that stays", () =>
      withStores(2, async (one, two) => {
        for (let i = 0; i < 15; i++) {
          await one!.add(await ownRecord({ id: `old-${i}` }));
          const kept = `new-${i}`;
          const record = await ownRecord({ id: kept });
          await Promise.all([one!.remove([`old-${i}`]), two!.add(record)]);
          expect((await one!.get(kept)).whole).toBe(true);
          await one!.remove([kept]);
          expect(await one!.db.selectFrom("gifParts").selectAll().execute()).toEqual([]);
        }
      }));

    test("a run and what is changed alongside it are undone together", () =>
      withStores(1, async (store) => {
        const failing = store.add(await ownRecord(), undefined, async () => {
          throw new Error("no");
        });
        await expect(failing).rejects.toThrow("no");
        expect(await store.list()).toEqual([]);
        expect(await store.db.selectFrom("gifParts").selectAll().execute()).toEqual([]);
      }));

    test("a database that is not there is named, without the password", async () => {
      const url = new URL(await server.newDatabase());
      url.pathname = "/nobody";
      url.password = "secret";
      const error = await openStore({ url: url.href }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "unusable" });
      expect(String(error)).toContain("/nobody");
      expect(String(error)).not.toContain("secret");
    });
  },
);

describe("what Postgres says", () => {
  test.each([
    ["53100", "full"],
    ["40P01", "locked"],
    ["25006", "read-only"],
    ["XX001", "damaged"],
    ["08006", "unusable"],
  ])("%s means %s", (code, meaning) => {
    const said = Object.assign(new Error("said"), { code, severity: "ERROR" });
    expect(storeError("postgres://host/name", said).code).toBe(meaning);
  });

  test("an address is shown without password and options; what is none is refused", () => {
    expect(shownAddress("postgres://me:secret@host:5432/name?password=x")).toBe("postgres://me@host:5432/name");
    for (const wrong of ["", "host", "mysql://host/x", "file:///etc/passwd"])
      expect(() => shownAddress(wrong)).toThrow(/none of Postgres's/);
  });

  test("a server that is not there is unusable", async () => {
    await expect(openStore({ url: "postgres://127.0.0.1:1/x" })).rejects.toMatchObject({ code: "unusable" });
  });
});
