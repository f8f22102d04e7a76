/** What the members of the suites took on the reference machine. Made by `bench/reference.mjs`; not written by hand. */
import type { ReferenceRun } from "@volumark/measure";

export const REFERENCE: {
  readonly machine: string;
  readonly members: Readonly<Record<string, ReferenceRun>>;
} = {
  machine: "Intel(R) Xeon(R) Processor, 2 lanes on 2 threads, Linux, node 20.20.2, 2026-11-24",
  members: {
    "seed-32": {
      settingsHash: "a811411a1a3990b89e9edb5079c50c93ac9da67e1e630b1dc70aacd7cb462892",
      canaryNs: 1770690,
      ns: { total: 31627161, field: 1472313, surface: 1844174, picture: 32777631, convert: 3716282, encode: 18239662 },
    },
    "gyroid-96": {
      settingsHash: "5033957c8148b62d22a89b0e079cf5236c51e9af8d973c7d4773e2df7ff1c829",
      canaryNs: 1829704,
      ns: {
        total: 268188358,
        field: 21710176,
        surface: 77964787,
        picture: 319850705,
        convert: 24289667,
        encode: 78670331,
      },
    },
    "seed-128": {
      settingsHash: "63d605e0e92de80619742781eae360bd4517ce99ca6d3441e8b50278504b5374",
      canaryNs: 1811712,
      ns: {
        total: 98209920,
        field: 17823455,
        surface: 26767006,
        picture: 118676014,
        convert: 3938457,
        encode: 19051342,
      },
    },
    "column-128": {
      settingsHash: "89c034d47abb1adae4ac350b69a13db74dd09240f1bd54391df905956ee24e1c",
      canaryNs: 1830432,
      ns: {
        total: 255642030,
        field: 96465762,
        surface: 88988908,
        picture: 244091786,
        convert: 10004729,
        encode: 53748952,
      },
    },
    "lattice-96": {
      settingsHash: "bdc20e55d817d7adafab6d28a87084f8177f466554eba367aeefa2cc8293a0a9",
      canaryNs: 1807288,
      ns: {
        total: 225156173,
        field: 37738839,
        surface: 66353045,
        picture: 246898260,
        convert: 9499748,
        encode: 68727112,
      },
    },
    "blobs-64": {
      settingsHash: "4b2d1cf89937d5594252d339fd6b7eae88adb1e555dab872adbdb1cd904eb807",
      canaryNs: 1781923,
      ns: { total: 77620351, field: 7217253, surface: 8117446, picture: 70168722, convert: 6724012, encode: 53532529 },
    },
    "seed-256": {
      settingsHash: "084a1e727c5ec9e02ae2f5555726f73b6f10a2fba552825c76c493d5ffe70c28",
      canaryNs: 1955788,
      ns: {
        total: 266478161,
        field: 76640935,
        surface: 117868155,
        picture: 290161299,
        convert: 5312124,
        encode: 19468883,
      },
    },
    "gyroid-192": {
      settingsHash: "8e0fbcf7bf11f94a0a4c505068964883204793424bf114c4f0075f6376a9b95a",
      canaryNs: 1989803,
      ns: {
        total: 715178747,
        field: 107658889,
        surface: 336590477,
        picture: 838504657,
        convert: 26092647,
        encode: 77824680,
      },
    },
    "seed-512": {
      settingsHash: "acd14c82923aef1bf2685b7d94182f9708d4f8029ba311f387e8af6e4d808c74",
      canaryNs: 2042510,
      ns: {
        total: 895942044,
        field: 288003207,
        surface: 520653070,
        picture: 944390117,
        convert: 9065987,
        encode: 20530627,
      },
    },
  },
};
