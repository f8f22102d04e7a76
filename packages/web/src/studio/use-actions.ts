/** What a person does with runs here: start one, cancel it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { BodyOf } from "volumark/api";
import { service } from "../service/client.ts";
import { KEYS } from "../service/queries.ts";

/** The list is not looked at while the run that was started comes up. */
const LIST_AFTER_MS = 50;

/** A request that is sent again after a broken connection is the same run: its key stays until it is answered. */
export function useStartRun(onStarted: (id: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: { readonly body: BodyOf<"submitRun">; readonly key: string }) =>
      service.call("submitRun", { body: request.body, headers: { "idempotency-key": request.key } }),
    onSuccess: (run) => {
      queries.setQueryData(KEYS.run(run.id), run);
      // Each in a task of its own, so that the page answers in between.
      setTimeout(() => onStarted(run.id));
      setTimeout(() => void queries.invalidateQueries({ queryKey: KEYS.runs }), LIST_AFTER_MS);
    },
    retry: (failures, error) => failures < 2 && (error as { code?: string }).code === "unreachable",
  });
}

export function useCancelRun() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => service.call("cancelRun", { params: { id } }),
    onSuccess: (run) => void queries.invalidateQueries({ queryKey: KEYS.run(run.id) }),
  });
}
