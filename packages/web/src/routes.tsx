/** Addresses of the page. What a view shows is in its address: reload and share give the same. */
import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { Shell } from "./app/shell.tsx";

const rootRoute = createRootRoute({ component: Shell });

const studioRoute = createRoute({ getParentRoute: () => rootRoute, path: "/", component: () => <p>Studio</p> });
const runsRoute = createRoute({ getParentRoute: () => rootRoute, path: "/runs", component: () => <p>Runs</p> });
const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare",
  component: () => <p>Compare</p>,
});
const machineRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/machine",
  component: () => <p>Machine</p>,
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([studioRoute, runsRoute, compareRoute, machineRoute]),
  defaultPreload: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
