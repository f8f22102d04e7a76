import { closeAll, RereadFile } from "../files.ts";
import { level, numberIn, type OpenSensor } from "./provider.ts";

/** A figure that a file holds as one number. */
export interface FileLevel {
  readonly name: string;
  readonly unit: string;
  /** Without the leading `/`. */
  readonly path: string;
  /** What the file's number is multiplied by. */
  readonly scale: number;
}

/** A sensor of which each channel is the number in one file. Throws where a file cannot be opened. */
export function fileLevels(root: string, figures: readonly FileLevel[]): OpenSensor {
  const files = figures.map(({ path }) => new RereadFile(root, path));
  return {
    slots: files.length,
    channels: figures.map(({ name, unit, path }, slot) => level(name, unit, `/${path}`, slot)),
    read: (raw) => {
      for (let i = 0; i < files.length; i++) raw[i] = numberIn(files[i]!.read()) * figures[i]!.scale;
    },
    close: () => closeAll(files),
  };
}
