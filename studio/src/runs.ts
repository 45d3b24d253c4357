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
  /** What became of the model whose scores are probabilities; null where there is none. */
  rank: Rank | null;
  verdict: Verdict;
}

export interface Evaluation {
  protocol: { task: string; split: string; candidates: string; users: number; test_rows: number; interval: string };
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
  /** Bins of probability, lowest first; null where there are none. */
  reliability?: readonly Bin[] | null;
}

/** Rows whose probability lies in one bin: what was said on average, and the share that happened. */
export interface Bin {
  rows: number;
  predicted: number;
  observed: number;
  /** Ends of the 95 % interval of what was observed. */
  observed_low: number;
  observed_high: number;
}

/** The model whose scores are probabilities: how they came about, and what is done about them. */
export interface Rank {
  kind: string;
  reason: string;
  train_rows: number;
  test_rows: number;
  rates: { method: string; rows: number; fitted: number; scored: number } | null;
  calibration: Calibration | null;
  decision: Decision | null;
  ranked: Model | null;
  /** Most important first. */
  importance: readonly Importance[];
}

export interface Calibration {
  method: string;
  reason: string;
  error_before: number | null;
  error_after: number | null;
  log_loss_before: number | null;
  log_loss_after: number | null;
}

/** When a probability is acted on, and what that would have cost a row. */
export interface Decision {
  rule: { by: string; threshold: number; abstain_from: number | null; abstain_to: number | null };
  cost: number;
  low: number;
  high: number;
  always_cost: number;
  never_cost: number;
  saving_low: number;
  saving_high: number;
  act_share: number;
  abstain_share: number;
  precision: number;
  recall: number;
}

export interface Importance {
  name: string;
  /** How much worse the first metric gets when its values are shuffled. */
  permutation: number;
  weight: number | null;
  /** Mean of what it adds to a score, without its sign; null of kinds that do not say what features add. */
  contribution: number | null;
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

/** How settings were searched: successive halving, with more users or rows from round to round. */
export interface Search {
  metric: string;
  lower_is_better: boolean;
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
  const better = (trial: Trial) => (trial.value === null ? -Infinity : search.lower_is_better ? -trial.value : trial.value);
  return numbers.map((round) =>
    search.trials.filter((trial) => trial.round === round).sort((a, b) => better(b) - better(a)),
  );
}

/** Settings in a cell: `factors 64, epochs 8`. */
export function settings(trial: Trial): string {
  return Object.entries(trial.parameters)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(", ");
}

/** A figure, or a dash where there is none. */
export function figure(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(4);
}

/** An interval in brackets; empty where there is none. */
export function within(interval: readonly number[] | undefined): string {
  const [low, high] = interval ?? [];
  return low === undefined || high === undefined ? "" : ` (${low.toFixed(4)} to ${high.toFixed(4)})`;
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
