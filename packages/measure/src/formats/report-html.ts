/**
 * One run as one HTML file that needs nothing else: animation, answer, grade, charts, machine, and how to make it again.
 *
 * Guaranteed: the same record gives the same text; nothing is fetched (a policy in the page forbids it); everything that comes
 * from the record is escaped. Beside the GIF it takes some 50 kB, and not much more for thousands of frames or passes, which
 * are drawn as at most 240 columns. Works without its script, except that single frames cannot be shown then.
 */
import { base64 } from "../record/bytes.ts";
import type { ForeignRecord, RunRecord } from "../record/schema.ts";
import { reportContent } from "../report/content.ts";
import { gradeRun } from "../report/grade.ts";
import { passesStory } from "../report/passes.ts";
import type { Line, Section } from "../report/story.ts";
import { formatBytes, formatCount } from "../text/number.ts";
import { foreignContent } from "./foreign.ts";
import { frameLabels, passChart, perColumn, sensorCharts, stageChart } from "./page/charts.ts";
import { type Column, columnsOf, type PassStrips, passStrips, type Typical, typicalFrames } from "./page/columns.ts";
import { type FrameMap, frameMap, sensorText } from "./page/frames.ts";
import { type Html, html, jsonForScript, trusted } from "./page/html.ts";
import { GIF_SCRIPT, PAGE_SCRIPT } from "./page/script.ts";
import { STYLE } from "./page/style.ts";
import { PARTS, type RecordView, viewOf } from "./view.ts";

export interface ReportHtmlOptions {
  /** The GIF; default: the one in the record. `null`: no animation in the page. */
  readonly gif?: Uint8Array | null;
  /** A run that this one is compared with in its answer and its stage table. */
  readonly baseline?: RunRecord;
}

/** No address may be fetched, no form sent, no frame opened; what is in the file may run. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Sections of the report in words that the page shows in a way of its own. */
const DRAWN = new Set(["Grade", "Result", "Stages", "Warnings", "Again", "Not known"]);

export function reportHtml(record: RunRecord | ForeignRecord, { gif, baseline }: ReportHtmlOptions = {}): string {
  const view = viewOf(record);
  const { own } = view;
  const sections = own
    ? reportContent(own, { width: 80, unicode: true, ...(baseline ? { baseline } : {}) })
    : foreignContent(record as ForeignRecord);
  const typical = typicalFrames(view);
  const columns = typical ? columnsOf(typical) : [];
  const strips = typical ? passStrips(view, columns) : null;
  const map = typical ? frameMap(typical, columns, own, strips) : null;
  const gifText = gif === null ? "" : gif ? base64(gif) : record.gif_data;
  const name = sceneName(record);
  const data = {
    frames: record.frame_count,
    from: columns.map(({ from }) => typical!.frame[from]),
    slowest: columns.map(({ slowest }) => typical!.frame[slowest]),
    end: typical ? typical.frame[typical.frame.length - 1]! + 1 : 0,
    texts: map?.texts ?? [],
    ...(strips ? { strips: { passes: strips.passes, step: strips.step, steps: strips.steps } } : {}),
  };
  const stages = sections.find(({ title }) => title === "Stages");
  const total = own && view.passes.length > 1 ? passesStory(own).total : null;
  const passes = passChart(view, total);
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}: what every frame cost</title>
<link rel="icon" href="data:,">
<style>${trusted(STYLE)}</style>
<body style="--wide:${columns.length > 0 ? (100 / columns.length).toFixed(3) : 100}%">
<header>
<h1>${name}</h1>
<p class="dim">${headline(record, own, name)}</p>
${sections[0]!.lines.map(({ text, mark }) => html`<p class="answer ${mark === "bad" || mark === "warn" ? mark : ""}">${text}</p>`)}
</header>
<main>
<section class="stage">
<div class="shown">${picture(record, gifText, name)}</div>
<div>${
    typical && map
      ? html`${mapSection(typical, columns, map, strips)}
${stageChart(typical, columns)}`
      : html`<h2>Frames</h2><p class="dim">${view.missing.join(" ")}</p>`
  }</div>
</section>
${passes && html`<section>${passes}</section>`}
${own && gradeSection(own)}
${stages?.table && html`<section><h2>Stages</h2>${tableOf(stages)}</section>`}
${own && warningSection(own)}
<div class="words">${sections
    .slice(1)
    .filter(({ title }) => !DRAWN.has(title))
    .map(wordsOf)}</div>
${own && html`<section><h2>Sensors</h2>${sensorCharts(own)}</section>`}
${own && environmentSection(own)}
${againSection(view)}
</main>
<footer>${own ? `Made by volumark ${own.run.volumark.version} from the record of this run.` : "Made by volumark from the record of another program."} The record has every number.</footer>
<script type="application/json" id="data">${jsonForScript(data)}</script>
<script>"use strict";${trusted(GIF_SCRIPT)}${trusted(PAGE_SCRIPT)}</script>
</body>
</html>
`.markup;
}

function sceneName(record: RunRecord | ForeignRecord): string {
  const scene = (record as Partial<RunRecord>).run?.settings?.scene as { name?: unknown } | null | undefined;
  return typeof scene?.name === "string" && scene.name !== "" ? scene.name : record.gif_filename;
}

function headline(record: RunRecord | ForeignRecord, own: RunRecord | null, name: string): string {
  const facts = [formatBytes(record.file_size_bytes)];
  if (record.gif_filename !== name) facts.unshift(record.gif_filename);
  if (own) facts.push(own.run.startedAt.replace("T", " ").replace(/\.\d+/, "").replace("Z", " UTC"));
  return facts.join(" · ");
}

function picture({ resolution, frame_count }: RunRecord | ForeignRecord, gifText: string, name: string): Html {
  const [width, height] = resolution;
  const controls = html`<div class="controls"><button type="button" id="play">Play</button><input type="range" id="frame" min="0" max="${Math.max(0, frame_count - 1)}" value="0" aria-label="frame"><span id="which" class="dim"></span></div>`;
  if (gifText === "") return html`<p class="dim">There is no animation to show.</p>${controls}`;
  const size = width < 200 ? "screen tiny" : "screen";
  return html`<div class="${size}"><img id="animation" src="data:image/gif;base64,${gifText}" width="${width}" height="${height}" alt="Animation of ${name}, ${formatCount(frame_count)} frames"><canvas id="picture" width="1" height="1" aria-hidden="true"></canvas></div>
${controls}`;
}

function mapSection(typical: Typical, columns: readonly Column[], { rows }: FrameMap, strips: PassStrips | null): Html {
  const count = typical.frame.length;
  const of =
    count > columns.length ? `the slowest of ${perColumn(count, columns.length)} frames a column` : "a column a frame";
  const passes = typical.passes > 1 ? `, median of ${typical.passes} passes` : "";
  return html`<h2>Frames</h2>
<p class="dim">n = ${formatCount(count)}, ${of}${passes}. Each row from nothing (empty) to its greatest value (full colour). Point at a frame, or step with the arrow keys.</p>
${strips && passSlider(strips)}
<div id="map" tabindex="0" role="group" aria-label="Map of the frames; arrow keys step through them">
<div class="row map-head"><span></span><span class="full">full</span><div class="axis" style="padding:0">${frameLabels(typical.frame)}</div><span class="value"><span id="head">median</span></span></div>
${rows}</div>`;
}

/** Chooses the pass that the second row of the map shows. */
function passSlider({ passes, shown }: PassStrips): Html {
  const last = passes.length - 1;
  const some = passes[last]! > passes.length ? html` (${formatCount(passes.length)} of them can be shown)` : null;
  return html`<div class="pick"><label for="pass">Single pass, 1 to ${passes[last]}${some}</label><input type="range" id="pass" min="0" max="${last}" value="${shown}" aria-valuetext="pass ${passes[shown]}"></div>`;
}

/** How far the numbers can be trusted, and whether what was made is right. */
function gradeSection(record: RunRecord): Html {
  const { letter, limited, checks: all } = gradeRun(record);
  const tone = letter === "A" || letter === "B" ? "good" : letter === "C" ? "warn" : "bad";
  const holding = all.filter(({ state }) => state === "holds");
  const open = all
    .filter(({ state }) => state !== "holds")
    .sort((a, b) => (a.cap < b.cap ? 1 : a.cap > b.cap ? -1 : 0));
  const checks = record.run.checks.map(({ name, passed, evidence }) => {
    const [sign, mark, said] =
      passed === null ? ["–", "dim", "not checked"] : passed ? ["✓", "good", "right"] : ["✗", "bad", "wrong"];
    return html`<li><b class="${mark}" title="${said}">${sign}</b>${name}: <span class="dim">${evidence}</span></li>`;
  });
  const asked = record.benchmark_data.simulation_settings.num_frames;
  const made = `${formatCount(record.frame_count)} of ${formatCount(asked)} frames, ${formatBytes(record.file_size_bytes)}`;
  return html`<div class="words pair"><section><h2>Grade</h2>
<div class="grade"><div class="letter ${tone}">${letter}</div><div>
<p>${holding.length} of ${all.length} checks of the measurement hold${limited && ", for the frames that there are"}${open.length > 0 ? "; what keeps it from being better:" : "."}</p>
<ul class="plain">${open.map(({ code, cap, evidence, action }) => html`<li><b>${code}, ${cap === "D" ? "D" : `at best ${cap}`}:</b> ${sentence(evidence)} <span class="dim">${action}</span></li>`)}</ul>
${holding.length > 0 && html`<details><summary>What holds</summary><ul class="plain">${holding.map(({ code, evidence }) => html`<li><b>${code}:</b> <span class="dim">${evidence}</span></li>`)}</ul></details>`}
</div></div></section>
<section><h2>Result</h2><p class="${record.frame_count < asked ? "bad" : ""}">${made}</p>
<ul class="plain checks">${checks}</ul>${checks.length === 0 && html`<p class="dim">Nothing was checked.</p>`}</section></div>`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function warningSection({ run }: RunRecord): Html | false {
  return (
    run.warnings.length > 0 &&
    html`<section><h2>Warnings</h2><ul class="plain">${run.warnings.map(
      ({ code, evidence, action }) =>
        html`<li><b class="warn">${code}</b> ${sentence(evidence)} <span class="dim">${action}</span></li>`,
    )}</ul></section>`
  );
}

/** A section in words; lines that only make sense in a fixed font are drawn elsewhere. */
function wordsOf(section: Section): Html {
  const lines = [...section.lines, ...(section.table ? [] : (section.after ?? []))];
  return html`<section><h2>${section.title === "Frames" ? "Slowest frames" : section.title}</h2>${lines.filter(({ whole, caption }) => !whole && !caption).map(paragraph)}${section.table && tableOf(section)}</section>`;
}

function paragraph({ text, mark, code }: Line): Html {
  return code ? html`<pre>${text}</pre>` : html`<p class="${mark ?? ""}">${text}</p>`;
}

function tableOf({ table, after = [] }: Section): Html {
  const { columns, rows, marks } = table!;
  const side = (c: number) => (columns[c]!.align === "right" ? "right" : "");
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of the stages"><table><thead><tr>${columns.map(({ title }, c) => html`<th class="${side(c)}" scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells, r) =>
      html`<tr class="${marks[r] ?? ""}">${cells.map((text, c) =>
        c > 0 ? html`<td class="${side(c)}">${text}</td>` : html`<td>${swatch(text)}${text}</td>`,
      )}</tr>`,
  )}</tbody></table></div>${after.map(paragraph)}`;
}

/** The colour of a part of the frame, where this is the name of one. */
function swatch(label: string): Html | false {
  const part = PARTS.find((one) => one === label);
  return part !== undefined && html`<i class="swatch ${part}"></i>`;
}

/** Everything that was found out about the machine, and why the rest was not. */
function environmentSection({ run }: RunRecord): Html {
  const items: Html[] = [];
  const missing: Html[] = [];
  const add = (name: string, entry: unknown) => {
    if (typeof entry !== "object" || entry === null || !("value" in entry)) return;
    const { available, value, unit, reason } = entry as Record<string, unknown>;
    if (available === false)
      missing.push(html`<dt>${name}</dt><dd>${typeof reason === "string" ? reason : "no reason is known"}</dd>`);
    else {
      const named = typeof unit === "string" ? unit : "1";
      const text =
        typeof value === "number"
          ? sensorText(value, named)
          : typeof value === "string"
            ? value
            : JSON.stringify(value);
      items.push(html`<dt>${name}</dt><dd>${text}</dd>`);
    }
  };
  for (const [group, facts] of Object.entries(run.environment)) {
    add(group, facts);
    for (const [name, entry] of Object.entries(facts)) add(`${group}.${name}`, entry);
  }
  if (items.length + missing.length === 0) return html``;
  return html`<section><h2>Environment</h2><dl>${items}</dl>
${missing.length > 0 && html`<details><summary>Not available: ${missing.length}</summary><dl>${missing}</dl></details>`}</section>`;
}

function againSection({ own, missing }: RecordView): Html {
  if (!own) {
    return html`<section><h2>Not known</h2>${missing.map((text) => html`<p class="dim">${text}</p>`)}</section>`;
  }
  const { run } = own;
  const command = run.command.length > 0 ? run.command.map(quoted).join(" ") : null;
  const hash = (name: string, value: string | null) =>
    html`<dt>${name}</dt><dd>${value === null ? "none" : html`<code>${value}</code>`}</dd>`;
  const { version, commit, commitReason } = run.volumark;
  return html`<section><h2>Again</h2>
${command === null ? html`<p class="dim">No command was recorded.</p>` : html`<pre>${command}</pre>`}
<dl>${hash("settings", run.settingsHash)}${hash("scene", run.sceneHash)}${hash("GIF", run.outputHash)}${hash("run", run.id)}
<dt>version</dt><dd>${version}, ${commit === null ? (commitReason ?? "commit not known") : html`commit <code>${commit}</code>`}</dd>
<dt>back end</dt><dd>${run.backend}, ${formatCount(run.lanes)} ${run.lanes === 1 ? "lane" : "lanes"}</dd>
<dt>clock</dt><dd>${run.timer.name}, step ${formatCount(run.timer.resolutionNs)} ns, a reading ${formatCount(run.timer.costNs)} ns</dd></dl>
<details><summary>Settings</summary><pre>${JSON.stringify(run.settings, null, 2)}</pre></details>
</section>`;
}

/** An argument as a shell takes it. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
