/** Stores a run that the page holds in the service, as the file that it is. */
import type { Problem, RunView } from "volumark/api";
import { service } from "../service/client.ts";

/** Throws an `Error` with the server's sentence. */
export async function keepOnServer(record: Blob): Promise<RunView> {
  let response: Response;
  try {
    const headers = { "content-type": "application/json" };
    response = await fetch(service.address("importRecord"), { method: "POST", headers, body: record });
  } catch (error) {
    throw new Error(`reach the server: ${String(error)}. The run is still here; try again when the server runs.`, {
      cause: error,
    });
  }
  if (response.ok) return (await response.json()) as RunView;
  const isProblem = (response.headers.get("content-type") ?? "").startsWith("application/problem+json");
  const problem = isProblem ? ((await response.json()) as Problem) : null;
  throw new Error(problem?.detail ?? `the server answered ${response.status}. The run is still here.`);
}
