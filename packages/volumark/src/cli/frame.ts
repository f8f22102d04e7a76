/** `volumark frame`: the picture at one moment, pixel for pixel as the renderer gives it. */
import { pngChunks } from "../export/png.ts";
import { momentCommand } from "./moment-command.ts";
import { type MomentOptionTexts, readMomentOptions } from "./moment-options.ts";

export async function frameCommand(texts: MomentOptionTexts): Promise<number> {
  const request = await readMomentOptions(texts, "frame", ["png"]);
  return momentCommand(request, texts.color ?? true, {
    command: "frame",
    chunks: ({ picture }) => {
      if (picture === null) throw new Error("frame: the moment was made without a picture");
      return pngChunks(picture);
    },
    findings: ({ counts }) => ({
      document: {},
      timesNs: {},
      lines: [`${counts.shadedPixels} pixels of the picture show it`],
    }),
  });
}
