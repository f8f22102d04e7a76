/** Addresses of the page. What a view shows is in its address: reload and share give the same. Each view is fetched when it is opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { nothingElse, readCompareSearch, readRunsSearch, readStudioSearch } from "./app/search.ts";
import { Shell } from "./app/shell.tsx";
import { BrokenView, NotFound, Waiting } from "./app/view-states.tsx";

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const studioRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  validateSearch: nothingElse(readStudioSearch),
  component: lazyRouteComponent(() => import("./studio/studio-view.tsx"), "StudioView"),
});
const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/runs",
  validateSearch: nothingElse(readRunsSearch),
  component: lazyRouteComponent(() => import("./runs/runs-view.tsx"), "RunsView"),
});
const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/compare",
  validateSearch: nothingElse(readCompareSearch),
  component: lazyRouteComponent(() => import("./compare/compare-view.tsx"), "CompareView"),
});
const machineRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/machine",
  component: lazyRouteComponent(() => import("./machine/machine-view.tsx"), "MachineView"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([studioRoute, runsRoute, compareRoute, machineRoute]),
  defaultPreload: "intent",
  defaultErrorComponent: BrokenView,
  defaultPendingComponent: () => <Waiting what="Opening the view" />,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
