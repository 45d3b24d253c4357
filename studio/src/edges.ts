import type { BoxId } from "./boxes";
import type { Anchor } from "./geometry";
import type { Snapshot } from "./snapshot";

export type Loop = "training" | "serving" | "watch";

/** One arrow of the picture: what flows from where to where, and where it runs on a wide and on a narrow screen. */
export interface Edge {
  from: BoxId;
  to: BoxId;
  loop: Loop;
  label: string;
  wide: readonly [Anchor, Anchor];
  narrow: readonly [Anchor, Anchor];
  /** Side of the curve on which the label lies on a wide screen. */
  labelAt: { dx: number; dy: number; anchor: "start" | "middle" | "end" };
  /** True while something flows. */
  active: (snapshot: Snapshot) => boolean;
}

const above = { dx: 0, dy: -10, anchor: "middle" } as const;
const beside = { dx: 12, dy: 4, anchor: "start" } as const;

export const edges: readonly Edge[] = [
  {
    from: "log", to: "lake", loop: "training", label: "compaction",
    wide: [{ side: "left" }, { side: "right" }],
    narrow: [{ side: "bottom", at: 0.23 }, { side: "top" }],
    labelAt: above, active: ({ log, phase }) => log.eventsPerSecond > 0 || phase === "compacting",
  },
  {
    from: "lake", to: "features", loop: "training", label: "as of a moment",
    wide: [{ side: "top" }, { side: "bottom" }],
    narrow: [{ side: "bottom" }, { side: "top" }],
    labelAt: beside, active: ({ training }) => training.state !== "idle",
  },
  {
    from: "features", to: "training", loop: "training", label: "training set",
    wide: [{ side: "top" }, { side: "bottom" }],
    narrow: [{ side: "bottom" }, { side: "top" }],
    labelAt: beside, active: ({ training }) => training.state !== "idle",
  },
  {
    from: "training", to: "registry", loop: "training", label: "gate",
    wide: [{ side: "right" }, { side: "left" }],
    narrow: [{ side: "bottom" }, { side: "top", at: 0.23 }],
    labelAt: above, active: ({ training }) => training.state !== "idle",
  },
  {
    from: "registry", to: "serving", loop: "serving", label: "hot swap",
    wide: [{ side: "right" }, { side: "top" }],
    narrow: [{ side: "top", at: 0.77 }, { side: "bottom" }],
    labelAt: { dx: 6, dy: -14, anchor: "start" }, active: ({ serving }) => serving.requestsPerSecond > 0,
  },
  {
    from: "serving", to: "log", loop: "serving", label: "impressions, actions",
    wide: [{ side: "bottom" }, { side: "right" }],
    narrow: [{ side: "top" }, { side: "bottom", at: 0.77 }],
    labelAt: { dx: 24, dy: 34, anchor: "middle" }, active: ({ log }) => log.eventsPerSecond > 0,
  },
  {
    from: "log", to: "monitoring", loop: "watch", label: "stream",
    wide: [{ side: "top" }, { side: "bottom" }],
    narrow: [{ side: "top" }, { side: "bottom" }],
    labelAt: beside, active: ({ log }) => log.eventsPerSecond > 0,
  },
  {
    from: "monitoring", to: "training", loop: "watch", label: "alert → retrain",
    wide: [{ side: "left", at: 0.22 }, { side: "right", at: 0.8 }],
    narrow: [{ side: "left", reach: 20 }, { side: "left", reach: 20 }],
    labelAt: { dx: 16, dy: 4, anchor: "start" }, active: ({ monitoring }) => monitoring.alerts > 0,
  },
];
