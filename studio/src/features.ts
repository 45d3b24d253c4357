import type { RequestColumn } from "./tries";

/** Every feature of the system, as `GET /v1/features` gives it; what is null there is absent. */
export interface Catalogue {
  name: string;
  /** ISO 8601, UTC. */
  time: string;
  model?: number;
  training_set?: string;
  live_from: string;
  live_rows: number;
  views: readonly View[];
  ranking?: Ranking;
  /** What a request may say of itself. */
  request: readonly RequestColumn[];
}

/** Whether the champion orders candidates by features. */
export interface Ranking {
  kind: string;
  is_used: boolean;
  reason: string;
  /** Importance of the score of retrieval beside the features. */
  retrieval_importance?: number;
}

export interface View {
  name: string;
  entity: string;
  source: string;
  description: string;
  owner: string;
  version: string;
  where: readonly string[];
  time_to_live?: string;
  newest_event?: string;
  features: readonly Feature[];
}

/** True of a view whose features are computed when they are read: it has no source, and no events of its own. */
export function isComputed(view: View): boolean {
  return view.source === "";
}

export interface Feature {
  name: string;
  definition: string;
  summary: string;
  kind: "number" | "text" | "ids" | "numbers" | "counts" | "sequence";
  train?: Spread;
  live?: Spread;
  /** Edges of the bins of both spreads, one more than shares. */
  edges: readonly number[];
  psi?: number;
  verdict?: string;
  /** Rise of the log-loss when the values are shuffled. */
  importance?: number;
  /** Deviation of what it adds to the log-odds of a linear model. */
  weight?: number;
  /** Share of answers whose value differed from training's, 0 to 1. */
  skew?: number;
}

/** An importance in a cell of a table: its sign, and three digits that matter. */
export function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toPrecision(3)}`;
}

export interface Spread {
  rows: number;
  /** 0 to 1. */
  null_share: number;
  median?: number;
  p05?: number;
  p95?: number;
  shares: readonly number[];
}

/** Why the features of an entity are what they are, as `GET /v1/features/{view}/{id}` gives it. */
export interface History {
  view: string;
  id: string;
  as_of: string;
  values: readonly Explained[];
  events: readonly SeenEvent[];
  event_count: number;
}

export interface Explained {
  feature: string;
  value?: Value;
  window_start?: string;
  seen: number;
}

export type Value = number | string | readonly (number | string | Step)[] | Readonly<Record<string, number>>;

/** One value of a sequence. */
export interface Step {
  value: string;
  /** In seconds. */
  age: number;
  weight?: number | null;
}

export interface SeenEvent {
  event_time?: string;
  known_time: string;
  cells: Readonly<Record<string, string>>;
  counts_in: readonly string[];
}

/** Address of a history. */
export function historyPath(view: string, id: string, asOf: string): string {
  const moment = asOf === "" ? "" : `&as_of=${encodeURIComponent(asOf)}`;
  return `/v1/features/${encodeURIComponent(view)}/${encodeURIComponent(id)}?events=50${moment}`;
}

/** A value in a cell of a table; a dash for null. */
export function said(value: Value | undefined): string {
  if (value === undefined) {
    return "–";
  }
  if (typeof value === "number") {
    return number(value);
  }
  if (typeof value === "string") {
    return value;
  }
  return isList(value)
    ? value.map(saidInList).join(", ")
    : Object.entries(value)
        .map(([text, count]) => `${text} ${number(count)}`)
        .join(", ");
}

function saidInList(value: number | string | Step): string {
  if (typeof value === "number") {
    return number(value);
  }
  if (typeof value === "string") {
    return value;
  }
  const weight = typeof value.weight === "number" ? ` × ${number(value.weight)}` : "";
  return `${value.value}${weight} (${number(value.age)} s ago)`;
}

function isList(value: Value): value is readonly (number | string | Step)[] {
  return Array.isArray(value);
}

/** A number with four digits that matter. */
export function number(value: number): string {
  return Math.abs(value) >= 10_000 || Number.isInteger(value)
    ? new Intl.NumberFormat("en", { maximumFractionDigits: 0 }).format(value)
    : value.toPrecision(4).replace(/\.?0+$/, "");
}

/** A moment as the raw log writes it, to the second. */
export function moment(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toISOString().slice(0, 19).replace("T", " ");
}
