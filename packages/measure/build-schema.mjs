/** Writes `dist/record.schema.json` from the compiled schema: the published form of the definition that checks records. */
import { writeFileSync } from "node:fs";
import { recordJsonSchema } from "./dist/record/schema.js";

writeFileSync(new URL("dist/record.schema.json", import.meta.url), `${JSON.stringify(recordJsonSchema(), null, 2)}\n`);
