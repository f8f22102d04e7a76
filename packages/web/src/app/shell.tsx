/** What stands around every view: the name, the ways to the views, the theme, the keys. */
import { Link, Outlet, useNavigate, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { HereHost } from "../here/here-host.tsx";
import { DropZone } from "../local/drop-zone.tsx";
import { prepareDayText } from "./day-text.ts";
import { listenToKeys, useKeys } from "./keys.ts";
import { ThemeButton } from "./theme-button.tsx";
import { whenIdle } from "./when-idle.ts";

const KeysDialog = lazy(async () => ({ default: (await import("./keys-dialog.tsx")).KeysDialog }));

const WAYS = [
  { to: "/", name: "Studio", key: "g s" },
  { to: "/runs", name: "Runs", key: "g r" },
  { to: "/compare", name: "Compare", key: "g c" },
  { to: "/machine", name: "Machine", key: "g m" },
] as const;

/** The view that was asked for has the network to itself for so long. */
const NEXT_AFTER_MS = 2000;

export function Shell() {
  const navigate = useNavigate();
  const router = useRouter();
  const [keys, setKeys] = useState<"never" | "open" | "closed">("never");
  useEffect(() => listenToKeys(window), []);
  useEffect(() => whenIdle(prepareDayText), []);
  // Where most go next: fetched and compiled before it is pressed.
  useEffect(() => whenIdle(() => void router.preloadRoute({ to: "/runs" }), NEXT_AFTER_MS), [router]);
  useKeys(
    "Go to",
    WAYS.map(({ to, name, key }) => ({ key, label: name, run: () => void navigate({ to }) })),
  );
  useKeys("Everywhere", [{ key: "?", label: "These keys", run: () => setKeys("open") }]);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the view
      </a>
      <header className="header">
        <Link to="/" className="brand" aria-label="Volumark, to the studio">
          <Mark />
          <span>Volumark</span>
        </Link>
        <nav aria-label="Views" className="ways">
          {WAYS.map(({ to, name }) => (
            <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }}>
              {name}
            </Link>
          ))}
        </nav>
        <div className="header-buttons">
          <ThemeButton />
          <button
            type="button"
            className="header-button"
            onClick={() => setKeys("open")}
            aria-label="Keys"
            title="Keys"
          >
            <span aria-hidden="true">?</span>
            <span className="header-word">keys</span>
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <DropZone />
      <HereHost />
      {keys !== "never" && (
        <Suspense fallback={null}>
          <KeysDialog opened={keys === "open"} onClose={() => setKeys("closed")} />
        </Suspense>
      )}
    </>
  );
}

/** A cube of samples with the surface through it. */
function Mark() {
  return (
    <svg
      width="22"
      height="22"
      viewBox="0 0 22 22"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <path d="M11 1.8 19 6.4v9.2L11 20.2 3 15.6V6.4Z" />
      <path d="M3.4 13.4C7 9.6 9 15.4 12.4 12S16.6 8.2 18.8 9.4" className="mark-line" />
    </svg>
  );
}
