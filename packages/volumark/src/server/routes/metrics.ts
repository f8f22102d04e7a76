/** For Prometheus. */
import { type AddRoutes, addRoute } from "../routes.ts";

export const metricsRoutes: AddRoutes = (app) => {
  addRoute(app, "metrics", async ({ reply }) =>
    reply
      .type(app.metrics.contentType)
      .header("cache-control", "no-store")
      .send(await app.metrics.text()),
  );
};
