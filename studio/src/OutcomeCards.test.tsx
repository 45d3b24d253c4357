import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { OutcomeCards } from "./OutcomeCards";
import { reach } from "./ReliabilityPlot";
import type { Bin, Rank } from "./runs";
import { TryCard } from "./TryCard";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const bins: readonly Bin[] = [
  { rows: 900, predicted: 0.05, observed: 0.04, observed_low: 0.03, observed_high: 0.06 },
  { rows: 100, predicted: 0.25, observed: 0.3, observed_low: 0.2, observed_high: 0.42 },
];

const rank: Rank = {
  kind: "logistic", reason: "better", train_rows: 2000, test_rows: 1000,
  rates: { method: "down_sample", rows: 400, fitted: 0.5, scored: 0.1 },
  calibration: { method: "platt", reason: "platt helps.", error_before: 0.05, error_after: 0.01, log_loss_before: 0.4, log_loss_after: 0.39 },
  decision: {
    rule: { by: "cost", threshold: 0.2, abstain_from: null, abstain_to: null },
    cost: 0.5, low: 0.4, high: 0.6, always_cost: 0.9, never_cost: 2, saving_low: 0.3, saving_high: 0.5,
    act_share: 0.1, abstain_share: 0, precision: 0.3, recall: 0.6,
  },
  ranked: { name: "logistic", metrics: {}, intervals: {}, seconds: 1, slices: null, reliability: bins },
  importance: [
    { name: "asked:is_top", permutation: 0.2, weight: 1, contribution: 0.4 },
    { name: "ad:clicks", permutation: -0.001, weight: 0, contribution: 0 },
  ],
};

/** Widths of the bars of a list, in shares of the longest. */
function widths(list: HTMLElement): number[] {
  const all = [...list.querySelectorAll("rect")].map((bar) => Number(bar.getAttribute("width")));
  return all.map((width) => Math.round((width / Math.max(...all)) * 1000) / 1000);
}

describe("OutcomeCards", () => {
  it("draws what was said against what happened, bin by bin, and says it in words", () => {
    render(<OutcomeCards rank={rank} />);

    const plot = screen.getByRole("img");
    expect(plot.getAttribute("aria-label")).toBe(
      "What was said against what happened. 900 rows: said 5.0 %, happened 4.0 % (3.0 % to 6.0 %); " +
      "100 rows: said 25.0 %, happened 30.0 % (20.0 % to 42.0 %)",
    );
    // Both axes end at 0.4, 260 wide: 0.25 is 162.5 from the left, 0.3 is 65 from the top.
    const circle = plot.querySelectorAll("circle")[1];
    expect(Number(circle?.getAttribute("cx"))).toBeCloseTo(44 + 162.5, 9);
    expect(Number(circle?.getAttribute("cy"))).toBeCloseTo(65 + 8, 9);
    expect(plot.querySelector(".threshold")?.getAttribute("d")).toBe("M174 268V8");
    const card = screen.getByRole("region", { name: "Can the probabilities be believed?" });
    expect(card.textContent).toContain("Positives among the rows fitted on50.0 % 400 rows, rare positives: down_sample");
    expect(card.textContent).toContain("0.0500 → 0.0100");
  });

  it("compares what the rule costs with acting always and never", () => {
    render(<OutcomeCards rank={rank} />);

    const card = screen.getByRole("region", { name: "What is done about them" });
    expect(widths(within(card).getByRole("list"))).toEqual([0.25, 0.45, 1]);
    expect(card.textContent).toContain("Acts from 0.2 on (by cost). It saves 0.3 to 0.5 a row over the cheaper of the two (95 %).");
  });

  it("says where the rule is not worth its keep, and draws what is below zero to the left", () => {
    render(<OutcomeCards rank={{ ...rank, decision: rank.decision && { ...rank.decision, saving_low: 0 } }} />);

    expect(screen.getByText(/does not say that the model is worth its keep/)).toBeDefined();
    const card = screen.getByRole("region", { name: "What it leans on" });
    expect(within(card).getAllByRole("listitem").map((row) => row.textContent)).toEqual(["asked:is_top+0.200", "ad:clicks−0.00100"]);
    expect(card.querySelectorAll("rect.below")).toHaveLength(1);
  });

  it("ends both axes where every circle is within", () => {
    expect(reach([{ rows: 1, predicted: 0.004, observed: 0.011, observed_low: 0, observed_high: 0.5 }])).toBe(0.02);
    expect(reach(bins)).toBe(0.4);
    expect(reach([{ rows: 1, predicted: 0.95, observed: 1, observed_low: 0, observed_high: 1 }])).toBe(1);
  });
});

describe("TryCard", () => {
  it("sends user, items and the request by their types, and shows probability, decision and reasons", async () => {
    const sent: unknown[] = [];
    vi.stubGlobal("fetch", (_: string, request: RequestInit) => {
      if (request.method !== "POST") {
        const columns = [{ name: "slot", type: "text", is_required: true }, { name: "hour", type: "whole", is_required: false }, { name: "lat", type: "number", is_required: false }];
        return Promise.resolve(new Response(JSON.stringify({ request: columns, views: [] })));
      }
      sent.push(JSON.parse(request.body as string));
      return Promise.resolve(new Response(JSON.stringify({
        request_id: "r", model_version: "3",
        predictions: [{ id: "a1", probability: 0.25, decision: "act", explanation: { base: -2, contributions: [{ feature: "asked:is_top", value: 0.9 }], rest: 0 } }],
      })));
    });
    render(<TryCard apiKey={null} explains />);

    fireEvent.change(await screen.findByLabelText("slot, of the request (text, required)"), { target: { value: "top" } });
    fireEvent.change(screen.getByLabelText("hour, of the request (whole)"), { target: { value: "7" } });
    fireEvent.change(screen.getByLabelText("User id"), { target: { value: "u1" } });
    fireEvent.change(screen.getByLabelText("Item ids, with commas between"), { target: { value: "a1, " } });
    fireEvent.click(screen.getByRole("button", { name: "Predict" }));

    const answer = await screen.findByRole("list", { name: "Probability of each item" });
    expect(sent).toEqual([{ user: "u1", items: ["a1"], explain: true, context: { slot: "top", hour: 7 } }]);
    expect(answer.textContent).toBe("a125.0 %, act");
    expect(within(screen.getByRole("list", { name: "What features add to the log-odds of a1" })).getAllByRole("listitem").map((row) => row.textContent))
      .toEqual(["every row−2.00", "asked:is_top+0.900", "all other features+0.00"]);
  });
});
