/** The scenes that come with the program. */
import { PRESETS, sceneDimension } from "@volumark/engine";
import { type AddRoutes, addRoute } from "../routes.ts";

export const presetRoutes: AddRoutes = (app) => {
  const presets = PRESETS.map((scene) => ({
    name: scene.name,
    description: scene.description ?? "",
    dimension: sceneDimension(scene),
    parameters: Object.keys(scene.parameters ?? {}),
    scene: { ...scene },
  }));
  addRoute(app, "listPresets", async () => ({ presets }));
};
