import { bytes, count, duration, milliseconds, percent, rate, shortHash } from "./format";
import type { Snapshot } from "./snapshot";

export const boxIds = ["log", "lake", "features", "training", "registry", "serving", "monitoring"] as const;
export type BoxId = (typeof boxIds)[number];
export type Tone = "plain" | "good" | "warn";

/** What one box shows. */
export interface Box {
  id: BoxId;
  title: string;
  /** The number that matters most, and what it counts. */
  figure: string;
  unit: string;
  rows: readonly Row[];
  /** A short state and how it should look, or null. */
  badge: { text: string; tone: Tone } | null;
}

export interface Row {
  name: string;
  value: string;
  tone?: Tone;
}

export const titles: Record<BoxId, string> = {
  log: "Raw log",
  lake: "Lake",
  features: "Features",
  training: "Training",
  registry: "Model registry",
  serving: "Prediction service",
  monitoring: "Monitoring",
};

/** All boxes, in the order in which data runs; dashes where nothing is known yet. */
export function describe(snapshot: Snapshot | null): Box[] {
  return boxIds.map((id) => {
    const shown = snapshot === null ? { figure: "–", unit: "", rows: [] } : describers[id](snapshot);
    return { id, title: titles[id], badge: null, ...shown };
  });
}

type Shown = Pick<Box, "figure" | "unit" | "rows"> & Partial<Pick<Box, "badge">>;

const describers: Record<BoxId, (snapshot: Snapshot) => Shown> = {
  log: ({ log }) => ({
    figure: count(log.events),
    unit: log.events === 1 ? "event" : "events",
    rows: [
      { name: "now", value: `${rate(log.eventsPerSecond)} /s` },
      { name: "durable", value: bytes(log.endPosition) },
    ],
  }),
  lake: ({ lake }) => ({
    figure: count(lake.rows),
    unit: lake.rows === 1 ? "row" : "rows",
    rows: [
      { name: "manifest", value: lake.manifest === 0 ? "none yet" : `#${count(lake.manifest)}` },
      { name: "Parquet files", value: count(lake.files) },
      { name: "size", value: bytes(lake.bytes) },
    ],
  }),
  features: ({ features }) => ({
    figure: count(features.features),
    unit: features.features === 1 ? "feature" : "features",
    rows: [
      { name: "views", value: count(features.views) },
      { name: "entities online", value: count(features.entities) },
      { name: "held in", value: features.where === "memory" ? `memory, ${bytes(features.memoryBytes)}` : features.where },
      { name: "training set", value: features.trainingSet === null ? "none yet" : shortHash(features.trainingSet) },
    ],
  }),
  training: ({ training: { state, lastRun } }) => ({
    figure: lastRun === null ? "–" : lastRun.value.toFixed(4),
    unit: lastRun === null ? "no run yet" : lastRun.metric,
    badge: { text: state, tone: state === "idle" ? "plain" : "good" },
    rows:
      lastRun === null
        ? []
        : [
            { name: "last run", value: duration(lastRun.seconds) },
            { name: "rows", value: count(lastRun.rows) },
            { name: lastRun.promoted ? "promoted" : "refused", value: lastRun.reason, tone: lastRun.promoted ? "good" : "warn" },
          ],
  }),
  registry: ({ registry }) => ({
    figure: registry.champion === null ? "–" : `v${registry.champion}`,
    unit: registry.champion === null ? "no champion yet" : "champion",
    rows: [
      { name: "model", value: registry.model },
      { name: "kind", value: registry.kind ?? "none yet" },
      { name: "versions", value: count(registry.versions) },
    ],
  }),
  serving: ({ serving }) => ({
    figure: rate(serving.requestsPerSecond),
    unit: "requests /s",
    rows: [
      { name: "requests", value: count(serving.requests) },
      { name: "p50", value: milliseconds(serving.p50Milliseconds) },
      { name: "p99", value: milliseconds(serving.p99Milliseconds) },
      { name: "model", value: serving.modelVersion ?? "none yet" },
      { name: "fallbacks", value: count(serving.fallbacks), ...warnAbove(serving.fallbacks) },
      { name: "errors", value: count(serving.errors), ...warnAbove(serving.errors) },
      ...(serving.index === null ? [] : [{ name: `index ${serving.index}, recall`, value: serving.indexRecall === null ? "not measured yet" : percent(serving.indexRecall) }]),
    ],
  }),
  monitoring: ({ monitoring }) => ({
    figure: count(monitoring.alerts),
    unit: monitoring.alerts === 1 ? "alert" : "alerts",
    badge: { text: monitoring.lastVerdict ?? "no report yet", tone: verdictTone(monitoring) },
    rows: [
      { name: "drift reports", value: count(monitoring.reports) },
      { name: "error rate", value: monitoring.errorRate === null ? "not measured yet" : percent(monitoring.errorRate) },
      { name: "served ≠ trained", value: monitoring.mismatched === null ? "not measured yet" : count(monitoring.mismatched), ...warnAbove(monitoring.mismatched ?? 0) },
      { name: "concept drifts", value: count(monitoring.detections), ...warnAbove(monitoring.detections) },
    ],
  }),
};

function warnAbove(value: number): { tone?: Tone } {
  return value > 0 ? { tone: "warn" } : {};
}

function verdictTone({ alerts, lastVerdict }: Snapshot["monitoring"]): Tone {
  return alerts > 0 ? "warn" : lastVerdict === null ? "plain" : "good";
}
