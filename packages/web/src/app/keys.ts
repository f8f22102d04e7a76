/**
 * The keys of the page: a view says which it has while it is shown, one listener hears them, and the dialog under `?` lists
 * them. A key is a character (`?`), a name of `KeyboardEvent.key` (`ArrowLeft`), or two characters one after the other (`g r`).
 */
import { useEffect, useRef, useSyncExternalStore } from "react";

export interface KeyAction {
  readonly key: string;
  /** What it does, as the dialog says it. */
  readonly label: string;
  readonly run: () => void;
}

export interface KeyGroup {
  readonly name: string;
  readonly actions: readonly KeyAction[];
}

/** Between two characters of one key. */
const SECOND_MS = 1200;
const STORED = "volumark.keys";

let groups: readonly KeyGroup[] = [];
let first: { readonly key: string; readonly at: number } | null = null;
let on = readStored();
const listeners = new Set<() => void>();

/** The actions hold while the component is shown; those of a view that was shown later come first. */
export function useKeys(name: string, actions: readonly KeyAction[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  const signature = actions.map(({ key, label }) => `${key}\n${label}`).join("\n\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the actions do is read when they are done
  useEffect(() => {
    const group: KeyGroup = {
      name,
      actions: latest.current.map(({ key, label }) => ({
        key,
        label,
        run: () => latest.current.find((action) => action.key === key)?.run(),
      })),
    };
    publish([...groups, group]);
    return () => publish(groups.filter((other) => other !== group));
  }, [name, signature]);
}

export function useKeyGroups(): readonly KeyGroup[] {
  return useSyncExternalStore(subscribe, () => groups);
}

/** Groups of one name as one, in the order in which their names came; of a key that two have, the one that is heard. */
export function joinedGroups(all: readonly KeyGroup[]): readonly KeyGroup[] {
  const joined = new Map<string, readonly KeyAction[]>();
  const heard = new Map(all.flatMap(({ actions }) => actions).map((action) => [action.key, action]));
  for (const { name, actions } of all) {
    joined.set(name, [...(joined.get(name) ?? []), ...actions.filter((action) => heard.get(action.key) === action)]);
  }
  return [...joined].map(([name, actions]) => ({ name, actions })).filter(({ actions }) => actions.length > 0);
}

/** Whether keys of one character are heard: a person who speaks to the computer turns them off. */
export function useKeysOn(): readonly [boolean, (next: boolean) => void] {
  return [useSyncExternalStore(subscribe, () => on), setOn];
}

/** The one listener; what it gives takes it away. */
export function listenToKeys(target: Window): () => void {
  const heard = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !on) return;
    if (isTaken(event.target, event.key) || document.querySelector('[role="dialog"], dialog[open]')) return;
    const action = actionFor(event.key, event.timeStamp);
    if (!action) return;
    event.preventDefault();
    action.run();
  };
  target.addEventListener("keydown", heard);
  return () => target.removeEventListener("keydown", heard);
}

function actionFor(key: string, at: number): KeyAction | null {
  const before = first !== null && at - first.at < SECOND_MS ? `${first.key} ` : "";
  first = null;
  const actions = groups.toReversed().flatMap((group) => group.actions);
  const found = actions.find((action) => action.key === before + key) ?? actions.find((action) => action.key === key);
  if (!found && actions.some((action) => action.key.startsWith(`${key} `))) first = { key, at };
  return found ?? null;
}

/** Whether the element that has the focus needs this key itself. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button"].includes(target.type) || key.length > 1 || key === " ";
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (key === " " || key === "Enter") return target.matches("button, a, summary, [role=button], [role=tab]");
  return (
    key.length > 1 && target.matches('[role="slider"], [role="tab"], [role="option"], [role="radio"], [data-own-keys]')
  );
}

function publish(next: readonly KeyGroup[]): void {
  groups = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function setOn(next: boolean): void {
  on = next;
  try {
    localStorage.setItem(STORED, next ? "on" : "off");
  } catch {
    // A page without storage forgets it when it is closed.
  }
  for (const listener of listeners) listener();
}

function readStored(): boolean {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}
