/** A file as a source of bytes. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { ByteSource } from "@volumark/measure";

const CHUNK_BYTES = 256 * 1024;

/** The bytes of a file, read each time they are asked for. */
export function fileSource(path: string): ByteSource {
  return {
    length: statSync(path).size,
    *chunks() {
      const file = openSync(path, "r");
      try {
        const buffer = new Uint8Array(CHUNK_BYTES);
        for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer))
          yield buffer.subarray(0, count);
      } finally {
        closeSync(file);
      }
    },
  };
}
