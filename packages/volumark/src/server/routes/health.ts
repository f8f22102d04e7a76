/** Whether the process answers, and whether it can take runs. */
import { openReadiness } from "../readiness.ts";
import { type AddRoutes, addRoute } from "../routes.ts";

export const healthRoutes: AddRoutes = (app, context) => {
  const readiness = openReadiness(context);

  addRoute(app, "health", async () => ({ ok: true as const }));

  addRoute(app, "readiness", async ({ reply }) => {
    const answer = await readiness();
    reply.code(answer.ready ? 200 : 503).header("cache-control", "no-store");
    return answer;
  });
};
