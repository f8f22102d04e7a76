/** `npm start [-- OPTIONS]`: set up, then the main job, `volumark run`, in the same process. */
import { pathToFileURL } from "node:url";
import { root, setUp } from "./setup.mjs";

setUp();
process.env.VOLUMARK_STARTED_AS = "npm start";
process.argv.splice(2, 0, "run");
await import(new URL("packages/volumark/dist/bundle/main.js", pathToFileURL(root)).href);
