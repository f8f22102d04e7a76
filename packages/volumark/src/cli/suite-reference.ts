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
      canaryNs: 1719406,
      ns: { total: 30834904, field: 1464639, surface: 1800176, picture: 31997045, convert: 3686597, encode: 17756862 },
    },
    "gyroid-96": {
      settingsHash: "5033957c8148b62d22a89b0e079cf5236c51e9af8d973c7d4773e2df7ff1c829",
      canaryNs: 1733748,
      ns: {
        total: 236011153,
        field: 18606769,
        surface: 68384847,
        picture: 282214714,
        convert: 21444913,
        encode: 70262787,
      },
    },
    "seed-128": {
      settingsHash: "63d605e0e92de80619742781eae360bd4517ce99ca6d3441e8b50278504b5374",
      canaryNs: 1773685,
      ns: {
        total: 96319107,
        field: 17415126,
        surface: 26852475,
        picture: 117223956,
        convert: 3912190,
        encode: 18715759,
      },
    },
    "column-128": {
      settingsHash: "89c034d47abb1adae4ac350b69a13db74dd09240f1bd54391df905956ee24e1c",
      canaryNs: 1773307,
      ns: {
        total: 240883904,
        field: 90471165,
        surface: 83400567,
        picture: 231672981,
        convert: 8570760,
        encode: 51526208,
      },
    },
    "lattice-96": {
      settingsHash: "bdc20e55d817d7adafab6d28a87084f8177f466554eba367aeefa2cc8293a0a9",
      canaryNs: 1709068,
      ns: {
        total: 197378623,
        field: 33257644,
        surface: 58947666,
        picture: 220156694,
        convert: 7743840,
        encode: 62952055,
      },
    },
    "blobs-64": {
      settingsHash: "4b2d1cf89937d5594252d339fd6b7eae88adb1e555dab872adbdb1cd904eb807",
      canaryNs: 1714757,
      ns: { total: 72009987, field: 6595577, surface: 7552257, picture: 65324713, convert: 6238916, encode: 49616184 },
    },
    "seed-256": {
      settingsHash: "084a1e727c5ec9e02ae2f5555726f73b6f10a2fba552825c76c493d5ffe70c28",
      canaryNs: 1846019,
      ns: {
        total: 231377868,
        field: 60476697,
        surface: 102858674,
        picture: 265668506,
        convert: 4227059,
        encode: 17415042,
      },
    },
    "gyroid-192": {
      settingsHash: "8e0fbcf7bf11f94a0a4c505068964883204793424bf114c4f0075f6376a9b95a",
      canaryNs: 1879415,
      ns: {
        total: 625213532,
        field: 98175726,
        surface: 307360530,
        picture: 729925016,
        convert: 23925372,
        encode: 71872706,
      },
    },
    "seed-512": {
      settingsHash: "acd14c82923aef1bf2685b7d94182f9708d4f8029ba311f387e8af6e4d808c74",
      canaryNs: 1862406,
      ns: {
        total: 732741773,
        field: 220278283,
        surface: 451111991,
        picture: 741352873,
        convert: 7519311,
        encode: 18498195,
      },
    },
  },
};
