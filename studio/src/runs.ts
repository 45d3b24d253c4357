/** The newest training run, as `GET /v1/runs/latest` gives it; what nobody looks at here is left out. */
export interface Run {
  id: string;
  /** ISO 8601, UTC. */
  started: string;
  seconds: number;
  rows: number;
  best: string;
  version: number | null;
  evaluation: Evaluation;
  search: Search | null;
  verdict: Verdict;
}

export interface Evaluation {
  protocol: { split: string; candidates: string; users: number; interval: string };
  models: readonly Model[];
  /** The best model less each other one, on the same users. */
  differences: readonly Difference[] | null;
}

export interface Model {
  name: string;
  metrics: Readonly<Record<string, number>>;
  intervals: Readonly<Record<string, readonly number[]>>;
  seconds: number;
  slices: readonly Slice[] | null;
}

export interface Slice {
  name: string;
  users: number;
  metrics: Readonly<Record<string, number>>;
}

export interface Difference {
  best: string;
  other: string;
  metric: string;
  difference: number;
  low: number;
  high: number;
}

/** How settings were searched: successive halving, with more users from round to round. */
export interface Search {
  metric: string;
  split: string;
  rounds: number;
  trials: readonly Trial[];
  picked: string;
  is_complete: boolean;
}

export interface Trial {
  name: string;
  parameters: Readonly<Record<string, number>>;
  round: number;
  user_share: number;
  /** Null where it failed. */
  value: number | null;
  interval: readonly number[];
  seconds: number;
  fault: string | null;
}

export interface Verdict {
  is_promoted: boolean;
  metric: string;
  reason: string;
}

/** Trials of each round, best first; those that failed are last. */
export function rounds(search: Search): readonly (readonly Trial[])[] {
  const numbers = [...new Set(search.trials.map((trial) => trial.round))].sort((a, b) => a - b);
  return numbers.map((round) =>
    search.trials.filter((trial) => trial.round === round).sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity)),
  );
}

/** Settings in a cell: `factors 64, epochs 8`. */
export function settings(trial: Trial): string {
  return Object.entries(trial.parameters)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(", ");
}

/** A figure with its interval where it has one: `0.0416 (0.0404 to 0.0428)`. */
export function figure(value: number | undefined, interval: readonly number[] | undefined): string {
  if (value === undefined) {
    return "–";
  }
  const [low, high] = interval ?? [];
  return low === undefined || high === undefined ? value.toFixed(4) : `${value.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}

/** A difference with its sign. */
export function change(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
}

const sliceNames: Readonly<Record<string, string>> = { new_users: "new users", new_items: "users of new items" };

/** A slice in words: `activity_1` is the tenth of the users with the fewest rows. */
export function sliceName(name: string): string {
  const tenth = /^activity_(\d+)$/.exec(name)?.[1];
  return tenth === undefined ? (sliceNames[name] ?? name) : `activity, tenth ${tenth}`;
}

/** Names of the slices that any model has, in order. */
export function sliceRows(models: readonly Model[]): readonly { name: string; users: number }[] {
  const found = new Map<string, number>();
  for (const slice of models.flatMap((model) => model.slices ?? [])) {
    found.set(slice.name, slice.users);
  }
  return [...found].map(([name, users]) => ({ name, users }));
}

/** Metrics in the order in which they are shown: that of the gate, the others, then what tells of popularity. */
export function metricNames(run: Run): readonly string[] {
  const all = new Set(run.evaluation.models.flatMap((model) => Object.keys(model.metrics)));
  all.delete(run.verdict.metric);
  return [run.verdict.metric, ...[...all].sort((a, b) => Number(isPopularity(a)) - Number(isPopularity(b)))];
}

function isPopularity(metric: string): boolean {
  return metric.startsWith("popularity_");
}
