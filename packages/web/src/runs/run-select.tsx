/** Chooses a run of the service, or one that the page holds. */
import { NativeSelect } from "@mantine/core";
import { formatDuration } from "@volumark/measure";
import { useMemo } from "react";
import { useLocalRuns } from "../service/local-runs.ts";
import { useRuns } from "../service/queries.ts";
import { sourceOf } from "../service/run-source.ts";
import { runRow } from "./run-row.ts";

export interface RunSelectProps {
  readonly label: string;
  /** The word of the address; "" for none. */
  readonly value: string;
  readonly onChange: (word: string) => void;
  /** Not offered. */
  readonly without?: string | undefined;
  readonly className?: string | undefined;
}

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "short" });

export function RunSelect({ label, value, onChange, without, className }: RunSelectProps) {
  const { data } = useRuns({ limit: 200 });
  const local = useLocalRuns();
  const groups = useMemo(() => {
    const stored = (data?.runs ?? []).map(runRow).filter(({ opens, id }) => opens && (id !== without || id === value));
    const here = [...local.values()].map((run) => ({ value: `local:${run.source.id}`, label: run.title }));
    return [
      { group: "In this page", items: here.filter((item) => item.value !== without || item.value === value) },
      {
        group: "On the server",
        items: stored.map(({ id, scene, at, totalNs }) => ({
          value: id,
          label: `${scene} · ${at === null ? "" : TIME.format(at)} · ${formatDuration(totalNs)} · ${id.slice(0, 8)}`,
        })),
      },
    ].filter(({ items }) => items.length > 0);
  }, [data, local, without, value]);
  const offered = groups.some(({ items }) => items.some((item) => item.value === value));
  const other = value === "" || offered ? [] : [{ value, label: sourceOf(value).id }];
  return (
    <NativeSelect
      label={label}
      className={className}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      data={[{ value: "", label: "Choose a run" }, ...other, ...groups]}
    />
  );
}
