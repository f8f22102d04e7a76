/** Whether a scene can be read, and the first thing that is wrong with it. Nothing is run. */
import { EngineError, preset, readScene, sceneHash } from "@volumark/engine";
import type { Answer } from "../../api/endpoints.ts";
import { countNodes } from "../guard/work-limit.ts";
import { type AddRoutes, addRoute } from "../routes.ts";

export const sceneRoutes: AddRoutes = (app, { limits }) => {
  addRoute(app, "checkScene", async ({ body }) => check(body.scene, limits));
};

function check(
  asked: unknown,
  limits: { readonly mostNodes: number; readonly mostDimension: number },
): Answer<"checkScene"> {
  try {
    const scene = typeof asked === "string" ? preset(asked) : readScene(asked);
    const nodes = countNodes(scene.root);
    const warnings: string[] = [];
    if (nodes > limits.mostNodes)
      warnings.push(`It has ${nodes} nodes and runs here may have ${limits.mostNodes}: it would not be taken.`);
    if (scene.dimension !== undefined && scene.dimension > limits.mostDimension) {
      const [own, most] = [scene.dimension, limits.mostDimension];
      warnings.push(`Its own dimension is ${own} and runs here may have ${most}: give a smaller one with a run.`);
    }
    return { valid: true, problem: null, sceneHash: sceneHash(scene), nodes, warnings };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { path } = error.data;
    const problem = { code: error.code, message: error.message, path: typeof path === "string" ? path : null };
    return { valid: false, problem, sceneHash: null, nodes: null, warnings: [] };
  }
}
