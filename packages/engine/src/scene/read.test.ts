import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError, type EngineErrorCode } from "../errors.ts";
import { cameraAt } from "../picture/camera.ts";
import { resolveLook } from "../picture/shade.ts";
import * as build from "./builder.ts";
import { valueAt } from "./evaluate.ts";
import { PRESETS, preset } from "./presets.ts";
import { parseScene, readScene } from "./read.ts";
import { NODE_TYPES } from "./read-node.ts";
import { SCENE_SCHEMA, type SceneNode } from "./spec.ts";

const FRAME = {
  schema: "volumark.scene/1",
  name: "test",
  camera: { position: [0, 0, 3], direction: [0, 0, -1], verticalFieldOfView: 45 },
  look: { surfaceColor: [1, 0.5, 0] },
};
const withRoot = (root: unknown, more: object = {}) => ({ ...FRAME, root, ...more });
const ball = { type: "sphere", radius: 0.5 };

/** The error that reading gives. */
function errorOf(read: () => unknown): EngineError {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    return error as EngineError;
  }
  throw new Error("nothing was refused");
}

function expectRefusal(input: unknown, code: EngineErrorCode, ...parts: string[]): void {
  const error = errorOf(() => readScene(input));
  expect(error.code).toBe(code);
  for (const part of parts) expect(error.message).toContain(part);
}

/** One valid node of each type. */
const SAMPLES: readonly SceneNode[] = [
  build.sphere({ radius: 0.5 }),
  build.box({ halfExtents: [0.5, 0.25, 1] }),
  build.roundedBox({ halfExtents: [0.5, 0.25, 1], radius: 0.25 }),
  build.torus({ majorRadius: 0.5, minorRadius: 0.1 }),
  build.cylinder({ radius: 0.5, halfHeight: 0.25 }),
  build.capsule({ radius: 0.5, halfHeight: 0 }),
  build.cone({ radius: 0.5, halfHeight: 0.5 }),
  build.plane({ normal: [0, 2, 0] }),
  build.gyroid({ period: 0.5, thickness: 0.1 }),
  build.union([build.sphere({ radius: 0.5 })]),
  build.intersection([build.sphere({ radius: 0.5 })], { smoothRadius: 0.1 }),
  build.difference([build.sphere({ radius: 0.5 }), build.plane({ normal: [1, 0, 0], offset: 0.1 })]),
  build.translate([0, build.wave({ amplitude: 1, frequency: 1 }), 0], build.sphere({ radius: 0.5 })),
  build.rotate("z", build.drift(90), build.sphere({ radius: 0.5 })),
  build.scale(2, build.sphere({ radius: 0.5 })),
  build.repeat({ spacing: [0.5, 0, 0], count: [2, 0, 0] }, build.sphere({ radius: 0.2 })),
  build.twist(90, build.box({ halfExtents: [0.3, 0.9, 0.3] })),
  build.shell(0.1, build.sphere({ radius: 0.5 })),
  build.offset(-0.1, build.sphere({ radius: 0.5 })),
];

describe("readScene", () => {
  it("accepts every shape and operator that there is", () => {
    expect(SAMPLES.map((node) => node.type).sort()).toEqual([...NODE_TYPES].sort());
    for (const node of SAMPLES) expect(readScene(withRoot(node)).root).toEqual(node);
    expect(readScene(withRoot(build.scale([1, 2, 3], ball as SceneNode))).root.type).toBe("scale");
  });

  it("returns presets as they are, in a copy that shares nothing", () => {
    for (const scene of PRESETS) {
      const copy = readScene(scene);
      expect(copy).toEqual(scene);
      expect(copy).not.toBe(scene);
      expect(copy.root).not.toBe(scene.root);
      expect(copy.camera.position).not.toBe(scene.camera.position);
    }
  });

  it("asks for every field of every node, and for nothing else", () => {
    for (const node of SAMPLES) {
      for (const key of Object.keys(node)) {
        const { [key as keyof SceneNode]: _, ...rest } = node;
        const filled = { axis: { axis: "y" }, normal: { normal: [0, 1, 0] } }[key] ?? {};
        const optional =
          ["smoothRadius", "count", "axis", "normal"].includes(key) || `${node.type}.${key}` === "plane.offset";
        if (optional) expect(readScene(withRoot(rest)).root).toEqual({ ...rest, ...filled });
        else expectRefusal(withRoot(rest), "invalid-scene", `root.${key}`, "got nothing");
      }
      expectRefusal(withRoot({ ...node, wombat: 1 }), "invalid-scene", 'root has an unknown key "wombat"', "type");
    }
  });

  it.each([
    ["a mistyped key", { type: "sphere", raduis: 1 }, ['unknown key "raduis"', 'Did you mean "radius"?']],
    ["a mistyped type", { type: "spere", radius: 1 }, ["root.type", '"spere"', 'Did you mean "sphere"?']],
    ["a zero radius", { type: "sphere", radius: 0 }, ["root.radius must be a number from 0.000001", "got 0."]],
    ["a negative radius", { type: "sphere", radius: -1 }, ["got -1"]],
    ["text for a number", { type: "sphere", radius: "1" }, ["root.radius", 'got "1"']],
    ["NaN", { type: "sphere", radius: Number.NaN }, ["got NaN"]],
    ["an infinity", { type: "sphere", radius: Number.POSITIVE_INFINITY }, ["got Infinity"]],
    ["null", { type: "sphere", radius: null }, ["got null"]],
    ["a number beyond all scenes", { type: "sphere", radius: 1e7 }, ["1000000", "got 10000000"]],
    ["no node", 7, ["root must be an object, got 7"]],
    ["a list for a node", [], ["root must be an object, got a list of 0"]],
    ["two numbers for three", { type: "box", halfExtents: [1, 1] }, ["root.halfExtents", "3", "got 2"]],
    ["an empty union", { type: "union", children: [] }, ["root.children", "got 0"]],
    [
      "a hole in a list",
      { type: "union", children: [ball].concat(new Array(1)) },
      ["root.children[1] must be an object"],
    ],
    ["a bad child", { type: "union", children: [ball, { type: "sphere" }] }, ["root.children[1].radius"]],
    ["a negative smooth radius", { type: "union", children: [ball], smoothRadius: -0.1 }, ["smoothRadius", "-0.1"]],
    ["an unknown axis", { type: "rotate", axis: "w", angle: 1, child: ball }, ["x, y, z", '"w"']],
    ["a scale of 0", { type: "scale", factor: 0, child: ball }, ["root.factor", "0.001", "got 0"]],
    ["a negative spacing", { type: "repeat", spacing: [-1, 0, 0], child: ball }, ["root.spacing[0]", "got -1"]],
    ["a tiny spacing", { type: "repeat", spacing: [0, 0.001, 0], child: ball }, ["spacing[1]", "0.01", "got 0.001"]],
    ["half a copy", { type: "repeat", spacing: [1, 0, 0], count: [0.5, 0, 0], child: ball }, ["whole", "got 0.5"]],
    ["a plane without a normal", { type: "plane", normal: [0, 0, 0] }, ["root.normal must have a length"]],
    [
      "a plane with next to no normal",
      { type: "plane", normal: [0, 1e-9, -2e-8] },
      ["at least 0.000001 in size, got 0, 1e-9, -2e-8"],
    ],
    ["an empty animation", { type: "sphere", radius: {} }, ["root.radius", "wave, keyframes, parameter"]],
    ["a mistyped animation", { type: "sphere", radius: { wav: 1 } }, ['"wav"', 'Did you mean "wave"?']],
    [
      "two animations",
      { type: "sphere", radius: { wave: { amplitude: 0, frequency: 0 }, parameter: "a" } },
      ["unknown key"],
    ],
    ["no keyframes", { type: "sphere", radius: { keyframes: [] } }, ["root.radius.keyframes", "got 0"]],
    [
      "an unknown easing",
      { type: "sphere", radius: { keyframes: [[0, 1]], easing: "bouncy" } },
      ["linear, smooth, step"],
    ],
    ["a key of the prototype", JSON.parse('{"type":"sphere","radius":1,"__proto__":{"a":1}}'), ['"__proto__"']],
    ["a type of the prototype", { type: "constructor" }, ["root.type", '"constructor"']],
  ])("refuses %s", (_, root, parts) => expectRefusal(withRoot(root), "invalid-scene", ...(parts as string[])));

  it("refuses radii that make no torus, with both numbers, at the exact threshold", () => {
    const torus = (majorRadius: unknown, minorRadius: unknown) => withRoot({ type: "torus", majorRadius, minorRadius });
    expectRefusal(torus(0.5, 0.5), "invalid-scene", "root makes no torus", "got 0.5 and 0.5");
    expectRefusal(torus(0.5, 0.75), "invalid-scene", "got 0.75 and 0.5");
    expect(readScene(torus(0.5, 0.4999)).root.type).toBe("torus");
    expectRefusal(
      torus(build.wave({ amplitude: 0.3, frequency: 1, offset: 0.5 }), 0.25),
      "invalid-scene",
      "no torus",
      "0.25 and 0.2",
    );
  });

  it("refuses a rounding larger than the box, at the exact threshold", () => {
    const rounded = (radius: number) => withRoot({ type: "roundedBox", halfExtents: [1, 0.25, 1], radius });
    expect(readScene(rounded(0.25)).root.type).toBe("roundedBox");
    expectRefusal(rounded(0.26), "invalid-scene", "0.25", "got 0.26");
  });

  it("refuses a wave or keyframes that leave the range at any time", () => {
    const radius = (value: unknown) => withRoot({ type: "sphere", radius: value });
    expectRefusal(radius(build.wave({ amplitude: 0.5, frequency: 1, offset: 0.4 })), "invalid-scene", "from -0.09");
    expect(readScene(radius(build.wave({ amplitude: 0.3, frequency: 1, offset: 0.4 }))).root.type).toBe("sphere");
    const points = [
      [0, 0.5],
      [1, 0],
    ] as const;
    expectRefusal(radius(build.keyframes(points)), "invalid-scene", "from 0 to 0.5");
  });

  it("refuses keyframes whose times do not increase, with both times", () => {
    const points = [
      [0, 1],
      [2, 1],
      [2, 3],
    ] as const;
    expectRefusal(
      withRoot({ type: "sphere", radius: build.keyframes(points) }),
      "invalid-scene",
      "root.radius.keyframes[2][0]",
      "2, got 2",
    );
  });

  it("refuses references to parameters that are not there, and parameters whose value does not fit", () => {
    const root = { type: "sphere", radius: { parameter: "raduis" } };
    expectRefusal(withRoot(root, { parameters: { radius: 1 } }), "invalid-scene", 'Did you mean "radius"?');
    expectRefusal(withRoot(root), "invalid-scene", "The scene has: none");
    expectRefusal(withRoot(root, { parameters: { raduis: -2 } }), "invalid-scene", "got -2 (the parameter raduis)");
    for (const name of ["__proto__", "constructor", "toString", "a b", "", "1a", "x".repeat(65)]) {
      expectRefusal(
        withRoot(ball, { parameters: JSON.parse(`{${JSON.stringify(name)}: 1}`) }),
        "invalid-scene",
        "names",
      );
    }
    expectRefusal(withRoot(ball, { parameters: { a: "1" } }), "invalid-scene", "parameters.a");
  });

  it("needs no more than a schema and a root", () => {
    const scene = readScene({ schema: SCENE_SCHEMA, root: ball });
    expect(scene).toEqual({ schema: SCENE_SCHEMA, name: "scene", root: ball, camera: {}, look: {} });
    const { position, direction } = cameraAt(scene.camera, 0);
    expect(direction).toEqual(position.map((value) => -value));
    expect(resolveLook(scene.look).colors.length).toBeGreaterThan(0);
  });

  it("reads a wave without a frequency as one of 1 Hz", () => {
    const wave = { wave: { amplitude: 0.2, offset: 0.5 } };
    const { root } = readScene(withRoot({ type: "sphere", radius: wave }));
    expect(root).toEqual({ type: "sphere", radius: wave });
    expect(valueAt(wave, 0.25, {})).toBeCloseTo(0.7, 12);
    expectRefusal(
      withRoot({ type: "sphere", radius: { wave: { amplitude: 0.6, offset: 0.5 } } }),
      "invalid-scene",
      "from -0.09",
    );
  });

  it.each([
    ["a newer schema", { schema: "volumark.scene/2" }, "scene-too-new", ["version 2", "version 1", "Update"]],
    ["no schema", { schema: undefined }, "invalid-scene", ["volumark.scene/1", "got nothing"]],
    ["another schema", { schema: "volumark.record/2" }, "invalid-scene", ["volumark.record/2"]],
    ["an empty name", { name: "" }, "invalid-scene", ["name", "got 0 characters"]],
    ["a name that leaves the folder", { name: "../x" }, "invalid-scene", ["name must be letters"]],
    ["a name with an escape", { name: "a\u001b[2J" }, "invalid-scene", ["control characters"]],
    ["closed as text", { closed: "yes" }, "invalid-scene", ["closed", '"yes"']],
    [
      "a dimension that is not whole",
      { dimension: 32.5 },
      "invalid-scene",
      ["dimension must be a whole number", "32.5"],
    ],
    ["a dimension below 4", { dimension: 3 }, "invalid-scene", ["dimension must be a number from 4 to 2048", "3"]],
    ["a camera that is a number", { camera: 7 }, "invalid-scene", ["camera must be an object, got 7"]],
    ["a look that is null", { look: null }, "invalid-scene", ["look must be an object, got null"]],
    [
      "a camera at the origin that looks nowhere",
      { camera: { position: [0, 0, 0] } },
      "invalid-scene",
      ["camera.direction must be given"],
    ],
    [
      "a camera straight above that is not told what is up",
      { camera: { position: [0, 3, 0] } },
      "invalid-scene",
      ["up"],
    ],
    ["a colour beyond 1", { look: { surfaceColor: [0, 128, 0] } }, "invalid-scene", ["look.surfaceColor[1]", "128"]],
    ["a light from nowhere", { look: { surfaceColor: [0, 1, 0], keyDirection: [0, 0, 0] } }, "invalid-scene", ["key"]],
    ["a mistyped key of the scene", { rot: 1 }, "invalid-scene", ['Did you mean "root"?']],
    [
      "a camera that looks along its up",
      { camera: { ...FRAME.camera, direction: [0, 3, 0] } },
      "invalid-scene",
      ["camera.up must not be parallel", "0, 3, 0"],
    ],
    [
      "a camera that looks nowhere",
      { camera: { ...FRAME.camera, direction: [0, 0, 0] } },
      "invalid-scene",
      ["camera.direction"],
    ],
    [
      "a field of view of 180°",
      { camera: { ...FRAME.camera, verticalFieldOfView: 180 } },
      "invalid-scene",
      ["camera.verticalFieldOfView", "170", "got 180"],
    ],
  ] as const)("refuses %s", (_, change, code, parts) => expectRefusal(withRoot(ball, change), code, ...parts));

  it("takes a tree of 64 levels and refuses one of 65, and one that holds itself", () => {
    const deep = (levels: number) => {
      let node: unknown = ball;
      for (let i = 1; i < levels; i++) node = { type: "offset", distance: 0, child: node };
      return withRoot(node);
    };
    expect(readScene(deep(64)).root.type).toBe("offset");
    expect(parseScene(JSON.stringify(deep(64))).root.type).toBe("offset");
    expectRefusal(deep(65), "scene-too-large", "64");
    const circle: { type: string; children: unknown[] } = { type: "union", children: [] };
    circle.children.push(circle);
    expectRefusal(withRoot(circle), "scene-too-large", "64");
  });

  it("takes 4096 nodes and refuses 4097, also where few objects stand for many nodes", () => {
    const wide = (children: number) =>
      withRoot({ type: "union", children: Array.from({ length: children }, () => ball) });
    expect(readScene(wide(4095)).root.type).toBe("union");
    expectRefusal(wide(4096), "scene-too-large", "4096");
    let node: unknown = ball;
    for (let i = 0; i < 40; i++) node = { type: "union", children: [node, node] };
    expectRefusal(withRoot(node), "scene-too-large", "4096");
  });
});

describe("parseScene", () => {
  it("reads every preset back from its JSON", () => {
    for (const scene of PRESETS) expect(parseScene(JSON.stringify(scene, null, 2))).toEqual(scene);
    expect(parseScene(`\ufeff${JSON.stringify(preset("seed"))}`)).toEqual(preset("seed"));
  });

  it("says of every truncated text that it is truncated or empty", () => {
    for (const scene of PRESETS) {
      const text = JSON.stringify(scene, null, 1);
      for (let length = 0; length < text.length; length += 1 + (length % 3)) {
        const error = errorOf(() => parseScene(text.slice(0, length)));
        expect(error.code).toBe("invalid-scene");
        expect(error.message).toMatch(/the text is (truncated|empty)/);
      }
    }
  });

  it("names the line where a truncated text was opened", () => {
    expect(errorOf(() => parseScene('{\n "root": {\n  "a": [1,\n')).message).toContain(
      "ends on line 4, inside a bracket that line 3",
    );
    expect(errorOf(() => parseScene('{\n "root": "ab\\"')).message).toContain("inside a string that line 2");
  });

  it("says in its own words where a text is no JSON", () => {
    expect(errorOf(() => parseScene('\ufeff{\n "root": {},\n}')).message).toBe(
      'read scene: the text is no JSON on line 3, column 1: there must be no "," before the end of the object, found "}". Correct it there.',
    );
  });

  it("refuses what is no JSON", () => {
    for (const text of ["{]}", "wombat", "{'a': 1}", "{} {}", "12", "null", "[]", '"text"']) {
      expect(errorOf(() => parseScene(text)).code).toBe("invalid-scene");
    }
  });

  it("refuses a text of more than a mebibyte, counted in bytes, with both figures", () => {
    const text = (bytes: number) => `"${"ä".repeat((bytes - 2) / 2)}"`;
    expect(errorOf(() => parseScene(text(2 ** 20))).code).toBe("invalid-scene");
    const error = errorOf(() => parseScene(text(2 ** 20 + 2)));
    expect(error.code).toBe("scene-too-large");
    expect(error.message).toContain("1048578");
    expect(error.message).toContain("1048576");
  });

  it("refuses deep brackets before anything can overflow", () => {
    for (const bracket of ["[", '{"a":']) {
      expect(errorOf(() => parseScene(bracket.repeat(150_000))).code).toBe("scene-too-large");
    }
  });

  it("does not take brackets in strings for brackets", () => {
    const scene = { ...preset("seed"), description: '[[[{{{ "\\' };
    expect(parseScene(JSON.stringify(scene)).description).toBe(scene.description);
  });
});

describe("whatever comes in", () => {
  /** Reads, and fails on any error that is not the engine's own. */
  function survives(read: () => unknown): boolean {
    try {
      read();
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      expect((error as EngineError).message).toMatch(/^read scene: .{10,500}$/su);
      return false;
    }
  }

  it("is read or refused in a sentence: arbitrary values", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withSparseArray: true, withNullPrototype: true }), (value) => {
        survives(() => readScene(value));
        survives(() => readScene(withRoot(value)));
        survives(() => readScene(withRoot({ type: "sphere", radius: value })));
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it("is read or refused in a sentence: texts with changed characters", () => {
    const texts = PRESETS.map((scene) => JSON.stringify(scene));
    const edit = fc.tuple(fc.nat(), fc.nat(3), fc.string({ unit: "binary", minLength: 1, maxLength: 3 }));
    fc.assert(
      fc.property(fc.nat(texts.length - 1), fc.array(edit, { minLength: 1, maxLength: 4 }), (which, edits) => {
        let text = texts[which];
        for (const [at, removed, added] of edits) {
          const from = at % text.length;
          text = text.slice(0, from) + added + text.slice(from + removed);
        }
        survives(() => parseScene(text));
      }),
      { seed: 12, numRuns: 1500 },
    );
  });

  it("is read or refused in a sentence: presets with one value replaced", () => {
    const strange = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom<unknown>(
        null,
        true,
        "",
        "x",
        [],
        {},
        [0, 0, 0],
        { parameter: "toString" },
        { wave: {} },
        undefined,
      ),
    );
    let read = 0;
    fc.assert(
      fc.property(fc.nat(PRESETS.length - 1), fc.nat(), strange, (which, at, value) => {
        const scene = structuredClone(PRESETS[which]) as unknown as Record<string, unknown>;
        const places: [owner: Record<string, unknown>, key: string][] = [];
        const collect = (owner: Record<string, unknown>) => {
          for (const key of Object.keys(owner)) {
            places.push([owner, key]);
            const child = owner[key];
            if (typeof child === "object" && child !== null) collect(child as Record<string, unknown>);
          }
        };
        collect(scene);
        const [owner, key] = places[at % places.length];
        owner[key] = value;
        if (survives(() => readScene(scene))) read++;
      }),
      { seed: 13, numRuns: 1500 },
    );
    // Some replacements are as good as the original; if none were, the test would only see one kind of refusal.
    expect(read).toBeGreaterThan(20);
  });
});
