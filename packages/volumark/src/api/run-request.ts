/** What is asked of `POST /api/runs`: the animation that is made, and how. */
import { LIMITS, type SceneSpec, SETTINGS_DEFAULTS } from "@volumark/engine";
import * as z from "zod";
import { OPTION_RANGES, PARAMETER_RANGES } from "./ranges.ts";

const between = ([least, most]: readonly [number, number]) => z.number().min(least).max(most);

const whole = (name: "dimension" | "width" | "height" | "frames", description: string) =>
  z.int().min(LIMITS[name][0]).max(LIMITS[name][1]).describe(description);

/** Numbers that presets with these parts take in place of their own; world units, in which the grid is 2 wide. */
const parametersSchema = z
  .strictObject({
    torusAltitude: between(PARAMETER_RANGES.torusAltitude),
    torusMajorRadius: between(PARAMETER_RANGES.torusMajorRadius),
    torusMinorRadius: between(PARAMETER_RANGES.torusMinorRadius),
    smoothMinRadius: between(PARAMETER_RANGES.smoothMinRadius),
  })
  .partial();

const sceneSchema = z
  .union([z.string().min(1).max(100), z.looseObject({})])
  .describe("The name of a preset, or a scene as docs/scenes.md has it") as unknown as z.ZodType<string | SceneSpec>;

/** What is made: everything that decides a byte of the GIF. */
export const settingsSchema = z
  .strictObject({
    scene: sceneSchema,
    parameters: parametersSchema.optional().describe("In place of the scene's own; only what the scene has"),
    dimension: whole("dimension", "Samples along each axis of the grid; default: the scene's own").optional(),
    width: whole("width", `Pixels; default ${SETTINGS_DEFAULTS.width}`).optional(),
    height: whole("height", `Pixels; default ${SETTINGS_DEFAULTS.height}`).optional(),
    frames: whole("frames", `Default ${SETTINGS_DEFAULTS.frames}`).optional(),
    fps: z
      .number()
      .min(LIMITS.fps[0])
      .max(LIMITS.fps[1])
      .describe(`Frames a second; default ${SETTINGS_DEFAULTS.fps}`)
      .optional(),
  })
  .meta({ id: "Settings" });

/** How it is made; never changes a byte of the GIF. */
export const optionsSchema = z
  .strictObject({
    lanes: z
      .int()
      .min(OPTION_RANGES.lanes[0])
      .max(OPTION_RANGES.lanes[1])
      .describe("Default: the server's; one a processor, as many as fit into memory")
      .optional(),
    backend: z.enum(["wasm", "reference"]).describe("Default wasm; reference is slow and for checking").optional(),
    passes: z
      .int()
      .min(OPTION_RANGES.passes[0])
      .max(OPTION_RANGES.passes[1])
      .describe("How often the animation is made; default 1")
      .optional(),
    verify: z.boolean().describe("Decode every frame again and check a mesh; default false").optional(),
    pictures: z.boolean().describe("Small pictures in the frame events, some a second; default false").optional(),
  })
  .meta({ id: "Options" });

export const runRequestSchema = z
  .strictObject({
    settings: settingsSchema,
    options: optionsSchema.optional(),
    machine: z
      .string()
      .min(1)
      .max(100)
      .refine((label) => !/[\p{Cc}\p{Cs}]/u.test(label), "must be without control characters and halves of pairs")
      .describe("Only a worker with this label may take it")
      .optional(),
  })
  .meta({ id: "RunRequest" });

export type RunRequestBody = z.infer<typeof runRequestSchema>;
