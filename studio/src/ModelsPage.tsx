import { Fragment } from "react";
import { TableCard } from "./Card";
import { moment } from "./features";
import { count, duration, percent } from "./format";
import { OutcomeCards } from "./OutcomeCards";
import { change, figure, metricNames, rounds, settings, sliceName, sliceRows, within, type Run, type Search } from "./runs";
import { TryCard } from "./TryCard";
import { useAnswer } from "./useAnswer";

const REFRESH_SECONDS = 30;

interface Props {
  apiKey: string | null;
}

/** The newest training run: what was searched, how the models compare and for whom, and what was decided. */
export function ModelsPage({ apiKey }: Props) {
  const answer = useAnswer<Run | null>("/v1/runs/latest", apiKey, REFRESH_SECONDS);
  if (answer === null || answer.state === "loading") {
    return <p className="none" role="status">Reading the newest training run…</p>;
  }
  if (answer.state === "failed") {
    return <p className="notice" role="alert">{answer.reason}</p>;
  }
  const run = answer.value;
  if (run === null) {
    return (
      <p className="notice calm">
        Nothing was trained yet. Run <code>tandem train</code>, or wait for the cadence of tandem.yaml.
      </p>
    );
  }
  return (
    <div className="features-page">
      <p className={run.verdict.is_promoted ? "legend" : "notice calm"}>
        {run.version === null ? "The newest run" : `Version ${run.version}`}, {moment(run.started)}: {count(run.rows)} rows in{" "}
        {duration(run.seconds)}. {run.verdict.is_promoted ? "Promoted" : "Not promoted"}: {run.verdict.reason}
      </p>
      {run.search !== null && <SearchCard search={run.search} of={run.evaluation.protocol.candidates === "rows" ? "rows" : "users"} />}
      {run.rank !== null && <OutcomeCards rank={run.rank} />}
      {run.evaluation.protocol.task === "binary" && run.version !== null && (
        <TryCard apiKey={apiKey} explains={run.rank?.importance.some((each) => typeof each.contribution === "number") ?? false} />
      )}
      <Figures run={run} />
      <Differences run={run} />
      <Slices run={run} />
    </div>
  );
}

function SearchCard({ search, of }: { search: Search; of: string }) {
  return (
    <TableCard
      id="search"
      title="Search"
      about={
        `${search.metric} on validation rows (${search.split}), in ${search.rounds} rounds with more ${of} each` +
        `${search.is_complete ? "" : "; the time ended before the last"}. Picked: ${search.picked}.`
      }
      columns={["Setting", "Parameters", `${search.metric} (95 %)`, "Took"]}
      isRight={(column) => column > 1}
    >
      {rounds(search).map((trials) => (
        <Fragment key={trials[0]?.round}>
          <tr>
            <th scope="rowgroup" colSpan={4}>
              Round {trials[0]?.round}: {percent(trials[0]?.user_share ?? 0)} of the {of}
            </th>
          </tr>
          {trials.map((trial) => (
            <tr key={trial.name} aria-current={trial.name === search.picked ? "true" : undefined}>
              <th scope="row">{trial.name === search.picked ? `${trial.name}, picked` : trial.name}</th>
              <td>{settings(trial)}</td>
              <td className="right">{trial.value === null ? (trial.fault ?? "failed") : figure(trial.value) + within(trial.interval)}</td>
              <td className="right">{duration(trial.seconds)}</td>
            </tr>
          ))}
        </Fragment>
      ))}
    </TableCard>
  );
}

function Figures({ run }: { run: Run }) {
  const { protocol, models } = run.evaluation;
  const metrics = metricNames(run);
  return (
    <TableCard
      id="figures"
      title="Models"
      about={
        `${protocol.candidates === "rows" ? `${count(protocol.test_rows)} rows of ` : ""}${count(protocol.users)} users, ` +
        `split ${protocol.split}; ${protocol.candidates}. Intervals: ${protocol.interval}.`
      }
      columns={["Model", ...metrics]}
      isRight={(column) => column > 0}
    >
      {models.map((model) => (
        <tr key={model.name} aria-current={model.name === run.best ? "true" : undefined}>
          <th scope="row">{model.name === run.best ? `${model.name}, best` : model.name}</th>
          {metrics.map((metric) => (
            <td key={metric} className="right">
              {figure(model.metrics[metric])}
              <small className="interval">{within(model.intervals[metric])}</small>
            </td>
          ))}
        </tr>
      ))}
    </TableCard>
  );
}

function Differences({ run }: { run: Run }) {
  const differences = run.evaluation.differences ?? [];
  if (differences.length === 0) {
    return null;
  }
  return (
    <TableCard
      id="differences"
      title="Differences"
      about="The best model less another on the same users. Where the interval holds zero, this data does not tell the two apart."
      columns={["Best", "Other", "Metric", "Difference (95 %)", "Told apart"]}
      isRight={(column) => column === 3}
    >
      {differences.map((each) => (
        <tr key={`${each.other} ${each.metric}`}>
          <td>{each.best}</td>
          <th scope="row">{each.other}</th>
          <td>{each.metric}</td>
          <td className="right">
            {change(each.difference)} ({change(each.low)} to {change(each.high)})
          </td>
          <td>{each.low > 0 || each.high < 0 ? "yes" : "no"}</td>
        </tr>
      ))}
    </TableCard>
  );
}

function Slices({ run }: { run: Run }) {
  const { models } = run.evaluation;
  const rows = sliceRows(models);
  const metric = run.verdict.metric;
  if (rows.length === 0) {
    return null;
  }
  return (
    <TableCard
      id="slices"
      title="Slices"
      about={`${metric} for groups of the users; tenths go from the least active users to the most active.`}
      columns={["Users", "How many", ...models.map((model) => model.name)]}
      isRight={(column) => column > 0}
    >
      {rows.map((row) => (
        <tr key={row.name}>
          <th scope="row">{sliceName(row.name)}</th>
          <td className="right">{count(row.users)}</td>
          {models.map((model) => (
            <td key={model.name} className="right">
              {figure(model.slices?.find((slice) => slice.name === row.name)?.metrics[metric])}
            </td>
          ))}
        </tr>
      ))}
    </TableCard>
  );
}
