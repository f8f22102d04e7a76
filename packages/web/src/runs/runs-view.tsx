/** Every run. */
import { useRuns } from "../service/queries.ts";

export function RunsView() {
  const { data } = useRuns({});
  return <h1>{data?.runs.length ?? 0} runs</h1>;
}
