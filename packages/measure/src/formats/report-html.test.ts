import { describe, expect, test } from "vitest";
import { buildRecord } from "../record/build.ts";
import { EMPTY_RUN, FAILED_RUN, STOPPED_RUN, TINY_GIF } from "../record/fixtures/facts.ts";
import { foreignRecord, HOSTILE, hostileRecord, longRecord, tinyRecord } from "./fixtures/runs.ts";
import { foreignMarkdown, foreignText } from "./foreign.ts";
import { reportHtml } from "./report-html.ts";

/** Bytes of a page less those of its GIF. */
function pageBytes(text: string): number {
  return Buffer.byteLength(text.replace(/data:image\/gif;base64,[^"]*/, ""));
}

/** Tags and attributes that make a browser fetch, send or open something, and addresses in styles. */
function fetches(page: string): string[] {
  const markup = page.replace(/(<script[^>]*>)[\s\S]*?<\/script>/g, "$1");
  const found: string[] = /<style>([\s\S]*?)<\/style>/.exec(markup)![1]!.match(/url\(|@import|image-set\(/g) ?? [];
  const names = new Set(["src", "href", "action", "formaction", "data", "poster", "srcset", "background", "ping"]);
  const tags = new Set(["iframe", "object", "embed", "base", "form", "video", "audio", "frame"]);
  for (const [tag, name, attributes] of markup.matchAll(/<([a-z][\w-]*)((?:\s+[^\s"'>=]+(?:="[^"]*")?)*)\s*\/?>/gi)) {
    if (tags.has(name!)) found.push(tag);
    for (const [, key, value] of attributes!.matchAll(/\s([^\s"'>=]+)(?:="([^"]*)")?/g)) {
      if (names.has(key!) && !value?.startsWith("data:")) found.push(`${key}=${value}`);
      if (key!.startsWith("on") || (key === "style" && value!.includes("url("))) found.push(`${key}=${value}`);
    }
  }
  return found;
}

describe("the page of a run", () => {
  test("names nothing that a browser would fetch, and forbids it", () => {
    for (const record of [tinyRecord(), hostileRecord(), longRecord(40, 3)]) {
      const page = reportHtml(record);
      expect(fetches(page)).toEqual([]);
      expect(page).not.toMatch(/https?:\/\//);
      expect(
        fetches(page.replace("<h2>", '<p style="background:url(x)" onclick="x"><a href="//x"><form>')),
      ).toHaveLength(4);
      expect(page.indexOf("default-src 'none'")).toBeLessThan(page.indexOf("<style>"));
    }
  });

  test("shows hostile names as text, wherever they stand in the record", () => {
    const page = reportHtml(hostileRecord());
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page.match(/<img\b/g)).toHaveLength(1);
    expect(page).not.toContain('onerror="');
    expect(page).toContain("&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;");
  });

  test("escapes a GIF that is no base64, and leaves one out that is not wanted", () => {
    const record = tinyRecord();
    record.gif_data = HOSTILE;
    expect(reportHtml(record).match(/<img\b/g)).toHaveLength(1);
    expect(reportHtml(record, { gif: null })).not.toContain("<img");
    expect(reportHtml(record, { gif: TINY_GIF })).toContain(Buffer.from(TINY_GIF).toString("base64"));
  });

  test("says answer, grade, warnings with what to do, machine, exact command and hashes", () => {
    const record = tinyRecord();
    const page = reportHtml(record);
    for (const text of [
      "2 frames 1×1 at dimension 4",
      '<div class="letter warn">C</div>',
      "Make more frames.",
      "Example CPU",
      "volumark run --frames 2 --out &#39;a folder&#39;",
      record.run.settingsHash!,
      record.run.sceneHash!,
      record.run.outputHash!,
      "no RAPL in /sys/class/powercap",
      "63.1 dB",
    ])
      expect(page).toContain(text);
  });

  test("gives each column the values of its frame", () => {
    const page = reportHtml(tinyRecord());
    const data = JSON.parse(/id="data">(.*)<\/script>/.exec(page)![1]!);
    expect(data).toMatchObject({ frames: 2, from: [0, 1], slowest: [0, 1], end: 2 });
    expect(data.texts.slice(0, 4)).toEqual([
      ["20.0 ms", "10.0 ms"],
      ["3.00 ms", "1.00 ms"],
      ["4.00 ms", "2.00 ms"],
      ["5.00 ms", "3.00 ms"],
    ]);
    expect(page.match(/data-usual=/g)).toHaveLength(data.texts.length);
  });

  test("marks the warm-up among many passes, and takes medians of the others only", () => {
    const page = reportHtml(longRecord(10, 4));
    expect(page).toContain("n = 10, a column a frame, median of 3 passes");
    expect(page).toContain("warm-up, n = 1: kept, not counted");
    const data = JSON.parse(/id="data">(.*)<\/script>/.exec(page)![1]!);
    expect(data.texts[2][0]).toBe("1.00 ms");
  });

  test("carries the frame times of every pass, so that any of them can be shown; of one pass there is no choice", () => {
    const record = longRecord(10, 4);
    record.run.passes![1]!.frames.wallNs[7] = 66_000_000;
    const page = reportHtml(record);
    const { strips } = JSON.parse(/id="data">(.*)<\/script>/.exec(page)![1]!);
    const bytes = Buffer.from(strips.steps, "base64");
    expect(strips.passes).toEqual([1, 2, 3, 4]);
    for (const [p, pass] of record.run.passes!.entries())
      for (const [i, ns] of pass.frames.wallNs.entries())
        expect(Math.abs(bytes.readUInt16LE(2 * (p * 10 + i)) * strips.step - ns)).toBeLessThanOrEqual(strips.step);
    expect(page).toMatch(/id="pass" min="0" max="3" value="3"/);
    expect(reportHtml(tinyRecord())).not.toContain('id="pass"');
  });

  test("shows the interval of the median pass where there are enough passes for one", () => {
    expect(reportHtml(longRecord(5, 8))).toContain('class="band"');
    expect(reportHtml(longRecord(5, 8))).toMatch(/its 95 % interval [\d.]+ ms to [\d.]+ ms \(band\)/);
    expect(reportHtml(longRecord(5, 4))).not.toContain('class="band"');
  });

  test("speaks of one pass only where there is one, and of no chart that the page lacks", () => {
    expect(reportHtml(longRecord(10, 8))).not.toMatch(/one pass|needs more passes|left of the bar/);
    expect(reportHtml(tinyRecord())).toContain("one pass, no interval");
  });

  test("with a baseline says the difference in its answer and its table", () => {
    const page = reportHtml(longRecord(10, 8), { baseline: longRecord(10, 8) });
    expect(page).toContain("Against the baseline (tiny, made apart): no difference beyond ±2 %");
    expect(page).toContain("vs. baseline");
    expect(reportHtml(longRecord(10, 8))).not.toContain("baseline");
  });

  test("says how many columns a slow start would flatten, and how high they are", () => {
    const record = longRecord(20, 1);
    expect(reportHtml(record)).not.toContain("cut off at the top");
    record.run.frames.fieldNs[0] = 900_000_000;
    expect(reportHtml(record)).toContain("1 cut off at the top, the highest 906 ms");
  });

  test("stays small, and thins out for 3 000 frames and 300 passes", () => {
    expect(pageBytes(reportHtml(longRecord(30, 1)))).toBeLessThan(60_000);
    expect(pageBytes(reportHtml(longRecord(3000, 4)))).toBeLessThan(150_000);
    expect(pageBytes(reportHtml(longRecord(3, 3000)))).toBeLessThan(110_000);
    expect(pageBytes(reportHtml(longRecord(300, 200)))).toBeLessThan(280_000);
  });

  test("of a failed run says what failed, of an empty one that there is nothing to show", () => {
    expect(reportHtml(buildRecord(FAILED_RUN))).toContain("surface failed at frame 1");
    expect(reportHtml(buildRecord(STOPPED_RUN))).toContain("1 of 2 frames are finished and kept");
    const empty = reportHtml(buildRecord(EMPTY_RUN));
    expect(empty).toContain("There is no animation to show.");
    expect(empty).toContain("No frame was finished.");
  });

  test("is the same text each time", () => {
    expect(reportHtml(longRecord(20, 3))).toBe(reportHtml(longRecord(20, 3)));
  });
});

describe("the report of another program's record", () => {
  test("says what it has and what it lacks, in all three forms", () => {
    const record = foreignRecord();
    for (const text of [foreignText(record), foreignMarkdown(record), reportHtml(record)]) {
      expect(text).toContain("2 frames 1×1 at dimension 4");
      expect(text.replace(/\s+/g, " ")).toContain(
        "has no run id, lanes, start times, counts, sensors, events or hashes",
      );
      expect(text).toContain("surface");
      expect(text.replace(/<script[\s\S]*?<\/script>/g, "")).not.toMatch(/undefined|NaN/);
    }
  });

  test("leaves out a column that does not fit its frames, and says so", () => {
    const record = foreignRecord();
    record.benchmark_data.rendering_times = [1];
    const text = foreignText(record).replace(/\s+/g, " ");
    expect(text).toContain("rendering_times has 1 entries for 2 frames and is left out");
    expect(text).not.toContain("picture");
  });

  test("takes nothing in it for Markdown or HTML, and survives a machine that is described oddly", () => {
    const record = foreignRecord();
    record.benchmark_data.system_info = { gpu: null, cpu: { name: HOSTILE }, notes: "a|b", list: [1, 2] };
    expect(foreignMarkdown(record)).not.toMatch(/[^\\]<|[^\\]>/);
    expect(reportHtml(record).match(/<img\b/g)).toHaveLength(1);
    record.benchmark_data.individual_frame_times = [];
    expect(foreignText(record)).toContain("no times of single frames");
  });
});
