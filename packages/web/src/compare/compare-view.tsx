/** Two runs beside each other. */
import { getRouteApi } from "@tanstack/react-router";

const route = getRouteApi("/compare");

export function CompareView() {
  const { a, b } = route.useSearch();
  return (
    <h1>
      Compare {a} {b}
    </h1>
  );
}
