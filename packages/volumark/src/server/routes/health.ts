/** Whether the process answers. */
import { type AddRoutes, addRoute } from "../routes.ts";

export const healthRoutes: AddRoutes = (app) => {
  addRoute(app, "health", async () => ({ ok: true as const }));
};
