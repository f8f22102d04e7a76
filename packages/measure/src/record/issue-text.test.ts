import { describe, expect, test } from "vitest";
import * as z from "zod";
import { issueText } from "./issue-text.ts";

function said(schema: z.ZodType, value: unknown): string {
  const { error } = schema.safeParse(value);
  if (!error) throw new Error(`${JSON.stringify(value)} was taken`);
  const { path, text } = issueText(error, value);
  return `${path.join(".")} ${text}`.trim();
}

const status = z.enum(["queued", "running", "failed"]);
const schema = z
  .strictObject({
    frames: z.int().min(1).max(100),
    fps: z.number().gt(0),
    scene: z.union([z.string().min(1).max(5), z.looseObject({})]),
    status: z.array(status).or(status.transform((one) => [one])),
    name: z.string().min(2),
    list: z.array(z.string()).max(1),
    one: z.literal("a"),
    flag: z.boolean(),
  })
  .partial();

describe("a refusal names what may stand there and what does", () => {
  test.each<[unknown, string]>([
    [{ frames: 0 }, "frames must be at least 1, got 0"],
    [{ frames: 101 }, "frames must be at most 100, got 101"],
    [{ frames: 1e99 }, "frames must be at most 100, got 1e+99"],
    [{ frames: -1e99 }, "frames must be at least 1, got -1e+99"],
    [{ frames: 1.5 }, "frames must be a whole number, got 1.5"],
    [{ frames: "5" }, 'frames must be a number, got "5"'],
    [{ frames: null }, "frames must be a number, got null"],
    [{ fps: 0 }, "fps must be more than 0, got 0"],
    [{ fps: [1] }, "fps must be a number, got a list"],
    [{ scene: 5 }, "scene must be text or an object, got 5"],
    [{ status: "done" }, 'status must be a list or "queued", "running" or "failed", got "done"'],
    [{ status: ["done"] }, 'status.0 must be "queued", "running" or "failed", got "done"'],
    [{ name: "x" }, "name must have at least 2 characters, got 1"],
    [{ list: ["a", "b"] }, "list must have at most 1 value, got 2"],
    [{ one: "b" }, 'one must be "a", got "b"'],
    [{ flag: {} }, "flag must be true or false, got an object"],
    [{ farmes: 1 }, 'has "farmes", which is not known here'],
    [{ a: 1, b: 1 }, 'has "a", "b", which are not known here'],
    [5, "must be an object, got 5"],
  ])("%j", (value, sentence) => {
    expect(said(schema, value)).toBe(sentence);
  });

  test("what is not there", () => {
    expect(said(z.object({ frames: z.int() }), {})).toBe("frames is missing; it must be a number");
    expect(said(z.object({ kind: status }), {})).toBe('kind is missing; it must be "queued", "running" or "failed"');
  });

  test("a number in an address is text, and is told as the number", () => {
    const limit = z.preprocess(Number, z.int().max(200));
    expect(said(z.object({ limit }), { limit: "201" })).toBe("limit must be at most 200, got 201");
  });

  test("a long text is cut, so that a refusal stays a sentence", () => {
    expect(said(z.object({ one: z.literal("a") }), { one: "b".repeat(1000) }).length).toBeLessThan(130);
  });
});
