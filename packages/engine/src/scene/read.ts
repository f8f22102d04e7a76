/**
 * The door for scenes from outside: text or data goes in, a scene that is valid at every moment comes out, or one
 * sentence that says where, what may be there, and what was there.
 *
 * Unknown keys are errors, since a mistyped one would otherwise be a default that nobody asked for. Nothing here
 * recurses deeper than the limit of the tree, and what comes out is a copy with known keys in a known order.
 */
import { EngineError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { CAMERA_DEFAULTS, CAMERA_FIELDS, DEFAULT_SCENE_NAME, LOOK_FIELDS, SCENE_KEYS, SCENE_LIMITS } from "./fields.ts";
import { findJsonFault } from "./json-fault.ts";
import { type ReadContext, readFields, readNode } from "./read-node.ts";
import {
  ANY,
  checkDirection,
  describe,
  readNumber,
  readObject,
  readRecord,
  readText,
  readWhole,
  refuse,
} from "./read-value.ts";
import { type CameraSpec, type LookSpec, SCENE_SCHEMA, type SceneSpec } from "./spec.ts";

/** Most bytes of a scene as UTF-8 text. */
export const MOST_SCENE_BYTES = SCENE_LIMITS.bytes;
const MOST_PARAMETERS = SCENE_LIMITS.parameters;
/** Two brackets a node and a few around them; a text that nests deeper holds no scene. */
const MOST_BRACKETS = 160;

/**
 * Reads a scene from JSON text. At most 1 MiB.
 * Throws `scene-too-large`, `scene-too-new` or `invalid-scene`; the message of a truncated text says that it is.
 */
export function parseScene(text: string): SceneSpec {
  const byteLength = utf8Length(text);
  if (byteLength > MOST_SCENE_BYTES) {
    throw new EngineError(
      "scene-too-large",
      `read scene: the text is ${byteLength} bytes long, and ${MOST_SCENE_BYTES} are the limit. Make the scene smaller.`,
      { limit: MOST_SCENE_BYTES, value: byteLength },
    );
  }
  const json = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (json.trim() === "") throw notJson("the text is empty. Give a scene as JSON.");
  checkBrackets(json);
  const fault = findJsonFault(json);
  const where = fault === null ? "" : ` on line ${fault.line}, column ${fault.column}: ${fault.what}`;
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch (error) {
    throw notJson(`the text is no JSON${where}. Correct it there.`, error);
  }
  if (fault !== null) throw notJson(`the text can be read in two ways${where}. Take one of them away.`);
  return readScene(input);
}

/**
 * Checks data and returns it as a scene: a copy that shares nothing with the input.
 * At most 4096 nodes, 64 deep. Animated numbers are checked over every value they can take.
 * Throws `scene-too-new`, `scene-too-large` or `invalid-scene`, with the path inside the scene in `data.path`.
 */
export function readScene(input: unknown): SceneSpec {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw refuse("the scene", `must be an object, got ${describe(input)}.`);
  }
  checkSchema(readRecord(input, "the scene").schema);
  const record = readObject(input, "the scene", SCENE_KEYS);
  const parameters = record.parameters === undefined ? undefined : readParameters(record.parameters);
  const context: ReadContext = { parameters: parameters ?? {}, nodeCount: 0 };
  const { description, dimension, closed } = record;
  if (closed !== undefined && typeof closed !== "boolean") {
    throw refuse("closed", `must be true or false, got ${describe(closed)}.`);
  }
  return {
    schema: SCENE_SCHEMA,
    name: record.name === undefined ? DEFAULT_SCENE_NAME : readName(record.name),
    ...(description === undefined
      ? {}
      : { description: readText(description, "description", SCENE_LIMITS.descriptionCharacters) }),
    ...(parameters === undefined ? {} : { parameters }),
    root: readNode(record.root, "root", 1, context),
    camera: record.camera === undefined ? {} : readCamera(record.camera, context),
    look: record.look === undefined ? {} : readLook(record.look, context),
    ...(dimension === undefined ? {} : { dimension: readWhole(dimension, "dimension", LIMITS.dimension) }),
    ...(closed === undefined ? {} : { closed }),
  };
}

function checkSchema(schema: unknown): void {
  if (schema === SCENE_SCHEMA) return;
  const version = typeof schema === "string" ? /^volumark\.scene\/([1-9]\d{0,8})$/.exec(schema)?.[1] : undefined;
  const ours = SCENE_SCHEMA.slice(SCENE_SCHEMA.lastIndexOf("/") + 1);
  if (version !== undefined && Number(version) > Number(ours)) {
    throw new EngineError(
      "scene-too-new",
      `read scene: the scene is of version ${version} (${schema}), and this program reads up to version ${ours}. Update Volumark.`,
      { version: Number(version), newest: Number(ours) },
    );
  }
  throw refuse("schema", `must be "${SCENE_SCHEMA}", got ${describe(schema)}.`);
}

/** Names go into file names and on terminals, so they are plain. */
function readName(input: unknown): string {
  const name = readText(input, "name", SCENE_LIMITS.nameCharacters);
  if (/^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u.test(name)) return name;
  throw refuse(
    "name",
    `must be letters, digits, spaces, _ and -, beginning with a letter or digit, got ${describe(name)}.`,
  );
}

function readParameters(input: unknown): Readonly<Record<string, number>> {
  const record = readRecord(input, "parameters");
  const names = Object.keys(record);
  if (names.length > MOST_PARAMETERS) {
    throw refuse("parameters", `must be at most ${MOST_PARAMETERS}, got ${names.length}.`);
  }
  const parameters: Record<string, number> = {};
  for (const name of names) {
    if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name) || name in Object.prototype) {
      throw refuse(
        "parameters",
        `must have names of 1 to 64 letters, digits and _, beginning with a letter and not used by JavaScript itself, got ${describe(name)}.`,
      );
    }
    parameters[name] = readNumber(record[name], `parameters.${name}`, ANY);
  }
  return parameters;
}

function readCamera(input: unknown, context: ReadContext): CameraSpec {
  const record = readObject(input, "camera", Object.keys(CAMERA_FIELDS));
  const camera: CameraSpec = readFields(record, "camera", CAMERA_FIELDS, context);
  const { position = CAMERA_DEFAULTS.position, up = CAMERA_DEFAULTS.up } = camera;
  if (camera.direction) {
    checkDirection(camera.direction, "camera.direction", context.parameters);
  } else if (position.every((value) => typeof value === "number" && Math.abs(value) < 1e-6)) {
    throw refuse("camera.direction", "must be given where the camera stands at the origin, got nothing.");
  }
  const direction = camera.direction ?? position;
  if (direction.every((value) => typeof value === "number")) {
    const [dx, dy, dz] = direction as readonly [number, number, number];
    const [ux, uy, uz] = up;
    const crossed = (dy * uz - dz * uy) ** 2 + (dz * ux - dx * uz) ** 2 + (dx * uy - dy * ux) ** 2;
    if (crossed <= 1e-12 * (dx * dx + dy * dy + dz * dz) * (ux * ux + uy * uy + uz * uz)) {
      throw refuse(
        "camera.up",
        `must not be parallel to the direction (${direction.join(", ")}), got ${up.join(", ")}.`,
      );
    }
  }
  return camera;
}

function readLook(input: unknown, context: ReadContext): LookSpec {
  return readFields(readObject(input, "look", Object.keys(LOOK_FIELDS)), "look", LOOK_FIELDS, context);
}

/** Counts brackets outside of strings: too deep a text is refused before it is parsed, and a truncated one is called so. */
function checkBrackets(json: string): void {
  const openedAt: number[] = [];
  let stringAt = -1;
  let line = 1;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === 10) line++;
    if (stringAt >= 0) {
      if (code === 0x5c) i++;
      else if (code === 0x22) stringAt = -1;
    } else if (code === 0x22) {
      stringAt = line;
    } else if (code === 0x5b || code === 0x7b) {
      openedAt.push(line);
      if (openedAt.length > MOST_BRACKETS) {
        throw new EngineError(
          "scene-too-large",
          `read scene: the text nests more than ${MOST_BRACKETS} brackets deep (line ${line}), and ${MOST_BRACKETS} are the limit. Make the tree flatter.`,
          { limit: MOST_BRACKETS, line },
        );
      }
    } else if (code === 0x5d || code === 0x7d) {
      openedAt.pop();
    }
  }
  const since = stringAt >= 0 ? stringAt : openedAt.at(-1);
  if (since !== undefined) {
    const what = stringAt >= 0 ? "a string" : "a bracket";
    throw notJson(
      `the text is truncated: it ends on line ${line}, inside ${what} that line ${since} opens. Get the whole file.`,
    );
  }
}

function notJson(what: string, cause?: unknown): EngineError {
  return new EngineError("invalid-scene", `read scene: ${what}`, {}, cause);
}

/** Bytes of a text as UTF-8. */
function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Each half of a surrogate pair adds one: 2 units, 4 bytes.
    if (code >= 0x80) length += code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return length;
}
