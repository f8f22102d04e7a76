/** The service that this page came from. */
import { createClient } from "volumark/api";

export const service = createClient();
