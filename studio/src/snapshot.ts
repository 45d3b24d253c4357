/** The whole system at one moment, as `GET /v1/snapshot` and `GET /v1/live` give it. */
export interface Snapshot {
  name: string;
  /** ISO 8601, UTC. */
  time: string;
  phase: string;
  log: { events: number; endPosition: number; eventsPerSecond: number };
  lake: { rows: number; files: number; manifest: number; bytes: number };
  features: {
    views: number;
    features: number;
    trainingSet: string | null;
    entities: number;
    where: string;
    memoryBytes: number;
    memoryLimit: number;
    diskBytes: number;
    hits: number;
    misses: number;
    evictions: number;
    freshnessP50Milliseconds: number;
    freshnessP99Milliseconds: number;
  };
  training: { state: string; lastRun: TrainingRun | null };
  registry: { model: string; versions: number; champion: number | null; kind: string | null };
  serving: {
    modelVersion: string | null;
    requests: number;
    requestsPerSecond: number;
    p50Milliseconds: number;
    p99Milliseconds: number;
    fallbacks: number;
    errors: number;
    /** Kind of the index that finds candidates, or null where all items are scored. */
    index: string | null;
    /** 0 to 1, or null before the first request of the sample. */
    indexRecall: number | null;
    indexQuestions: number;
  };
  monitoring: {
    reports: number;
    alerts: number;
    lastVerdict: string | null;
    /** 0 to 1, or null before the first realised outcome. */
    errorRate: number | null;
    detections: number;
    lastSkew: string | null;
    mismatched: number | null;
  };
  /** The newest failure in the background, until the same job succeeds. */
  problem: { job: string; message: string; time: string } | null;
}

export interface TrainingRun {
  id: string;
  seconds: number;
  rows: number;
  metric: string;
  value: number;
  promoted: boolean;
  reason: string;
}

const sections = ["log", "lake", "features", "training", "registry", "serving", "monitoring"] as const;

/** Reads a snapshot, or throws where the text is none: a newer server may have another shape. */
export function parseSnapshot(text: string): Snapshot {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value) || typeof value["name"] !== "string" || !sections.every((section) => isRecord(value[section]))) {
    throw new Error("This is not a snapshot.");
  }
  return value as unknown as Snapshot;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
