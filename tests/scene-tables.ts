/** The tables of docs/scenes.md, written from the tables that the reader of scenes goes by. */
import {
  CAMERA_FIELDS,
  type FieldRule,
  LEAST_SPACING,
  LOOK_FIELDS,
  NODE_FIELDS,
  SCENE_LIMITS,
  WAVE_FIELDS,
} from "@volumark/engine";

const OPERATORS = Object.entries(NODE_FIELDS).filter(([, rules]) => "child" in rules || "children" in rules);
const SHAPES = Object.entries(NODE_FIELDS).filter(([, rules]) => !("child" in rules || "children" in rules));

/** Each table as Markdown lines, by the name that stands above it in the document. */
export const sceneTables = (): Readonly<Record<string, string>> => ({
  wave: fieldTable([["", WAVE_FIELDS]]),
  shapes: fieldTable(SHAPES),
  operators: fieldTable(OPERATORS),
  camera: fieldTable([["", CAMERA_FIELDS]]),
  look: fieldTable([["", LOOK_FIELDS]]),
  limits: table(
    ["what", "at most"],
    [
      ["text of the file", `${SCENE_LIMITS.bytes / 2 ** 20} MiB`],
      ["nodes", `${SCENE_LIMITS.nodes}`],
      ["nodes from the root to a leaf", `${SCENE_LIMITS.depth}`],
      ["parameters", `${SCENE_LIMITS.parameters}`],
      ["keyframes of a number", `${SCENE_LIMITS.keyframes}`],
      ["characters of the name", `${SCENE_LIMITS.nameCharacters}`],
      ["characters of the description", `${SCENE_LIMITS.descriptionCharacters}`],
    ],
  ),
});

type Rules = Readonly<Record<string, FieldRule>>;

function fieldTable(groups: readonly (readonly [type: string, rules: Rules])[]): string {
  const typed = groups.some(([type]) => type !== "");
  const rows = groups.flatMap(([type, rules]) =>
    Object.entries(rules).map(([name, rule], i) => [
      ...(typed ? [i === 0 ? `\`${type}\`` : ""] : []),
      `\`${name}\``,
      kindText(rule),
      rangeText(rule),
      UNITS[rule.unit],
      defaultText(rule),
    ]),
  );
  return table([...(typed ? ["type"] : []), "field", "value", "range", "unit", "left out"], rows);
}

const UNITS = {
  "": "",
  world: "world",
  "°": "degrees",
  "°/world": "degrees per world unit",
  Hz: "hertz",
  linear: "linear light",
  sRGB: "sRGB",
} as const satisfies Record<FieldRule["unit"], string>;

function kindText({ kind }: FieldRule): string {
  const text = {
    number: "number",
    vector: "[x, y, z]",
    numberOrVector: "number or [x, y, z]",
    constant: "constant",
    color: "constant [r, g, b]",
    direction: "constant [x, y, z]",
    spacing: "[x, y, z]",
    count: "constant [x, y, z], whole",
    axis: '`"x"`, `"y"` or `"z"`',
    child: "node",
    children: `1 to ${SCENE_LIMITS.nodes} nodes`,
  } as const satisfies Record<FieldRule["kind"], string>;
  return text[kind];
}

function rangeText({ kind, limits }: FieldRule): string {
  if (!limits) return "";
  const [least, most] = limits.map(numberText);
  if (kind === "spacing") return `0, or ${LEAST_SPACING} to ${most}`;
  return limits[0] === -limits[1] ? `±${most}` : `${least} to ${most}`;
}

function defaultText({ kind, default: value }: FieldRule): string {
  if (kind === "axis") return `\`"${value}"\``;
  if (value === undefined) return "**needed**";
  return Array.isArray(value) ? `[${value.map(numberText).join(", ")}]` : String(value);
}

/** A million and a millionth as powers, other numbers as JSON has them. */
function numberText(value: number): string {
  return value === 1e6 ? "10⁶" : value === 1e-6 ? "10⁻⁶" : String(value).replace("-", "−");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `|${cells.map((cell) => (cell === "" ? " " : ` ${cell} `)).join("|")}|`;
  return [head, head.map(() => "---"), ...rows].map(line).join("\n");
}
