import type { Snapshot, TrainingRun } from "./snapshot";

/** A training run for tests. */
export const run: TrainingRun = {
  id: "r1", seconds: 1.5, rows: 1000, metric: "ndcg@10", value: 0.25, promoted: true, reason: "first version",
};

/** A snapshot for tests, with a change. */
export function sample(change: Partial<Snapshot> = {}): Snapshot {
  return {
    name: "videos",
    time: "2026-01-02T03:04:05Z",
    phase: "serving",
    log: { events: 1200, endPosition: 4096, eventsPerSecond: 12.5 },
    lake: { rows: 1100, files: 3, manifest: 2, bytes: 2048 },
    features: {
      views: 2, features: 5, trainingSet: "sha256:0123456789ab", entities: 70, where: "memory", memoryBytes: 3_145_728,
      memoryLimit: 0, diskBytes: 0, hits: 990, misses: 10, evictions: 0, freshnessP50Milliseconds: 1.5,
      freshnessP99Milliseconds: 20,
    },
    training: { state: "idle", lastRun: run },
    registry: { model: "videos", versions: 1, champion: 1, kind: "als" },
    serving: { modelVersion: "v1", requests: 40, requestsPerSecond: 4, p50Milliseconds: 0.5, p99Milliseconds: 2, fallbacks: 0, errors: 0, index: null, indexRecall: null, indexQuestions: 0 },
    monitoring: { reports: 1, alerts: 0, lastVerdict: "no drift", errorRate: null, detections: 0, lastSkew: "0 of 900 values of 100 answers differ from training's", mismatched: 0 },
    problem: null,
    ...change,
  };
}
