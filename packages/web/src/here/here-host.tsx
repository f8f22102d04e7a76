/** Shows the run that somebody asked for, whichever view that was. */
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import type { HereInput } from "./here-dialog.tsx";
import { onStartHere } from "./start-here.ts";

const HereDialog = lazy(async () => ({ default: (await import("./here-dialog.tsx")).HereDialog }));

export function HereHost() {
  const navigate = useNavigate();
  const [input, setInput] = useState<HereInput | null>(null);
  useEffect(() => onStartHere(setInput), []);
  if (input === null) return null;
  return (
    <Suspense fallback={null}>
      <HereDialog
        input={input}
        onClose={() => setInput(null)}
        onMade={(word) => {
          setInput(null);
          void navigate({ to: "/", search: (before: object) => ({ ...before, run: word }) } as never);
        }}
      />
    </Suspense>
  );
}
