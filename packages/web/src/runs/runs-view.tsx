/** Every run: found, put in order, opened, chosen for a comparison, deleted; or one stage of like runs over time. */
import { Button, NativeSelect, Pagination, SegmentedControl, TextInput } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { formatCount, formatCounted } from "@volumark/measure";
import { lazy, Suspense, useDeferredValue, useRef, useState } from "react";
import { useKeys } from "../app/keys.ts";
import { Failed, Waiting } from "../app/view-states.tsx";
import { chooseFile } from "../local/file-events.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { type RunRow, shapeRows } from "./run-row.ts";
import classes from "./runs.module.css";
import { RUN_STATUSES, type RunsAddress, readRunsAddress, toggled, writeRunsAddress } from "./runs-search.ts";
import { RunsTable } from "./runs-table.tsx";
import { useAllRuns } from "./use-all-runs.ts";

const route = getRouteApi("/runs");
const HistoryPanel = lazy(async () => ({ default: (await import("../history/history-panel.tsx")).HistoryPanel }));

export function RunsView() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const address = readRunsAddress(search);
  const change = (next: Partial<RunsAddress>, replace = true) =>
    void navigate({ search: (before) => writeRunsAddress({ ...readRunsAddress(before), ...next }), replace });
  return (
    <div className={classes.view}>
      <header className={classes.head}>
        <h1>Runs</h1>
        <SegmentedControl
          aria-label="Show"
          value={address.view}
          onChange={(view) => change({ view: view === "history" ? "history" : "list" }, false)}
          data={[
            { value: "list", label: "List" },
            { value: "history", label: "History" },
          ]}
        />
      </header>
      {address.view === "list" ? (
        <RunsList address={address} change={change} />
      ) : (
        <Suspense fallback={<Waiting what="Opening the history" />}>
          <HistoryPanel />
        </Suspense>
      )}
    </div>
  );
}

interface RunsListProps {
  readonly address: RunsAddress;
  readonly change: (next: Partial<RunsAddress>) => void;
}

function RunsList({ address, change }: RunsListProps) {
  const { rows, loading, error, hasMore, fetchMore, retry } = useAllRuns();
  const navigate = route.useNavigate();
  const filter = useRef<HTMLInputElement>(null);
  const [deleting, setDeleting] = useState<readonly RunRow[]>([]);
  const text = useDeferredValue(address.text);
  const shaped = shapeRows(rows, { ...address, text });
  const { chosen, sort, descending } = address;

  const compare = () => {
    const [a, b, ...more] = chosen;
    if (a === undefined || b === undefined) return;
    void navigate({ to: "/compare", search: { a, b, ...(more.length > 0 ? { more: more.join(",") } : {}) } });
  };
  useKeys("Runs", [
    { key: "/", label: "Find runs", run: () => filter.current?.focus() },
    { key: "c", label: "Compare those that are chosen", run: compare },
    { key: "n", label: "Next page", run: () => change({ page: Math.min(shaped.page + 1, shaped.pages - 1) }) },
    { key: "p", label: "Page before", run: () => change({ page: Math.max(0, shaped.page - 1) }) },
  ]);

  if (loading) return <Waiting what="Fetching the runs" />;
  if (error) return <Failed title="The runs could not be fetched" error={error} onRetry={retry} />;
  if (rows.length === 0) return <NoRuns />;
  return (
    <>
      <search className={classes.filters}>
        <TextInput
          ref={filter}
          label="Find"
          placeholder="scene, machine, id, commit"
          value={address.text}
          onChange={({ currentTarget }) => change({ text: currentTarget.value, page: 0 })}
        />
        <NativeSelect
          label="Status"
          value={address.status ?? ""}
          onChange={({ currentTarget }) =>
            change({ status: RUN_STATUSES.find((one) => one === currentTarget.value) ?? null, page: 0 })
          }
          data={[{ value: "", label: "any" }, ...RUN_STATUSES]}
        />
        <p className={classes.count} role="status">
          {shaped.found === rows.length
            ? formatCounted(rows.length, "run")
            : `${formatCount(shaped.found)} of ${formatCounted(rows.length, "run")}`}
        </p>
        <Button variant="default" onClick={chooseFile}>
          Open a record
        </Button>
      </search>
      {shaped.found === 0 ? (
        <div className={classes.none}>
          <p>No run fits what is asked for.</p>
          <Button variant="default" size="xs" onClick={() => change({ text: "", status: null, page: 0 })}>
            Show all
          </Button>
        </div>
      ) : (
        <RunsTable
          rows={shaped.rows}
          sort={sort}
          descending={descending}
          chosen={chosen}
          onSort={(column) => change({ sort: column, descending: column === sort ? !descending : column === "time" })}
          onChoose={(id) => change({ chosen: toggled(chosen, id) })}
          onDelete={(row) => setDeleting([row])}
        />
      )}
      <footer className={classes.foot}>
        {shaped.pages > 1 && (
          <Pagination
            total={shaped.pages}
            value={shaped.page + 1}
            onChange={(page) => change({ page: page - 1 })}
            size="sm"
            getControlProps={(control) => ({ "aria-label": `${control} page` })}
            getItemProps={(page) => ({ "aria-label": `Page ${page}` })}
          />
        )}
        {hasMore && (
          <Button variant="subtle" size="xs" onClick={fetchMore}>
            Fetch older runs
          </Button>
        )}
      </footer>
      {chosen.length > 0 && (
        <section className={classes.chosen} aria-label="Chosen runs">
          <p>
            {chosen.length === 1
              ? "1 run chosen: choose another to compare with it."
              : `${formatCounted(chosen.length, "run")} chosen; the first is the baseline.`}
          </p>
          <Button size="xs" disabled={chosen.length < 2} onClick={compare}>
            Compare
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => setDeleting(rows.filter(({ id, status }) => chosen.includes(id) && status !== "running"))}
          >
            Delete
          </Button>
          <Button size="xs" variant="subtle" onClick={() => change({ chosen: [] })}>
            Choose none
          </Button>
        </section>
      )}
      <DeleteDialog
        rows={deleting}
        onClose={(deleted) => {
          setDeleting([]);
          if (deleted.length > 0) change({ chosen: chosen.filter((id) => !deleted.includes(id)) });
        }}
      />
    </>
  );
}

function NoRuns() {
  return (
    <div className="state">
      <h2>No runs yet</h2>
      <p>
        What is run in the studio, on the command line into this server's data, or brought in as a record is listed
        here.
      </p>
      <Button component={Link} to="/">
        To the studio
      </Button>
      <Button variant="default" onClick={chooseFile}>
        Open a record
      </Button>
    </div>
  );
}
