/** `npm run build`: install and build what is not up to date. */
import { setUp } from "./setup.mjs";

setUp();
