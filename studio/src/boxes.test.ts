import { describe as group, expect, it } from "vitest";
import { describe, type Box, type BoxId } from "./boxes";
import { run, sample } from "./sample";

function box(boxes: Box[], id: BoxId): Box {
  const found = boxes.find((candidate) => candidate.id === id);
  if (found === undefined) {
    throw new Error(`No box ${id}.`);
  }
  return found;
}

group("boxes", () => {
  it("shows seven boxes with dashes before the first snapshot", () => {
    const boxes = describe(null);

    expect(boxes.map(({ figure }) => figure)).toEqual(["–", "–", "–", "–", "–", "–", "–"]);
  });

  it("shows the number that matters most of each box", () => {
    const boxes = describe(sample());

    expect(boxes.map(({ id, figure, unit }) => `${id}: ${figure} ${unit}`)).toEqual([
      "log: 1,200 events",
      "lake: 1,100 rows",
      "features: 5 features",
      "training: 0.2500 ndcg@10",
      "registry: v1 champion",
      "serving: 4.0 requests /s",
      "monitoring: 0 alerts",
    ]);
  });

  it("says what is not there yet in words", () => {
    const boxes = describe(
      sample({
        training: { state: "idle", lastRun: null },
        registry: { model: "videos", versions: 0, champion: null, kind: null },
        lake: { rows: 0, files: 0, manifest: 0, bytes: 0 },
      }),
    );

    expect(box(boxes, "training").unit).toBe("no run yet");
    expect(box(boxes, "registry").unit).toBe("no champion yet");
    expect(box(boxes, "lake").rows[0]).toEqual({ name: "manifest", value: "none yet" });
  });

  it("shows what an index finds of the true best, where there is one", () => {
    const { serving } = sample();
    const rows = (index: string | null, indexRecall: number | null) =>
      box(describe(sample({ serving: { ...serving, index, indexRecall } })), "serving").rows.at(-1);

    expect(rows(null, null)?.name).toBe("errors");
    expect(rows("ivf", null)).toEqual({ name: "index ivf, recall", value: "not measured yet" });
    expect(rows("int8", 0.987)?.value).toMatch(/^98\.7\s?%$/);
  });

  it("warns of alerts, fallbacks, errors and a refused version", () => {
    const base = sample();
    const boxes = describe(
      sample({
        serving: { ...base.serving, fallbacks: 2, errors: 1 },
        monitoring: { ...base.monitoring, alerts: 1, lastVerdict: "drift in 1 feature" },
        training: { state: "fitting", lastRun: { ...run, promoted: false, reason: "below the floor" } },
      }),
    );

    expect(box(boxes, "serving").rows.filter(({ tone }) => tone === "warn").map(({ name }) => name)).toEqual(["fallbacks", "errors"]);
    expect(box(boxes, "monitoring").badge).toEqual({ text: "drift in 1 feature", tone: "warn" });
    expect(box(boxes, "training").rows.at(-1)).toEqual({ name: "refused", value: "below the floor", tone: "warn" });
  });
});
