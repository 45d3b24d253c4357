import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ModelsPage } from "./ModelsPage";
import type { Run, Trial } from "./runs";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function trial(name: string, round: number, value: number | null): Trial {
  return {
    name, round, value, user_share: round / 2, parameters: { factors: 64, regularisation: 0.012345 }, seconds: 2,
    interval: value === null ? [] : [value - 0.01, value + 0.01], fault: value === null ? "LRN017: it ran away" : null,
  };
}

const run: Run = {
  id: "1", started: "2026-01-02T03:04:05.678Z", seconds: 12, rows: 1200, best: "ials #2", version: 3,
  rank: null,
  verdict: { is_promoted: true, metric: "ndcg@10", reason: "It beats the champion." },
  search: {
    metric: "ndcg@10", lower_is_better: false, split: "leave-last-out", rounds: 2, picked: "ials #2", is_complete: true,
    trials: [trial("ials #1", 1, 0.1), trial("ials #2", 1, 0.2), trial("ials #3", 1, null), trial("ials #2", 2, 0.25)],
  },
  evaluation: {
    protocol: { task: "retrieval", split: "leave-last-out", candidates: "all items", users: 40, test_rows: 40, interval: "95 % bootstrap" },
    models: [
      {
        name: "popular", metrics: { "popularity_lift@10": 1.5, "recall@10": 0.3, "ndcg@10": 0.11 }, intervals: {}, seconds: 1,
        slices: [{ name: "new_users", users: 4, metrics: { "ndcg@10": 0.05 } }],
      },
      {
        name: "ials #2", metrics: { "ndcg@10": 0.2 }, intervals: { "ndcg@10": [0.18, 0.22] }, seconds: 1,
        slices: [
          { name: "new_users", users: 4, metrics: { "ndcg@10": 0.06 } },
          { name: "activity_10", users: 9, metrics: { "ndcg@10": 0.31 } },
        ],
      },
    ],
    differences: [
      { best: "ials #2", other: "popular", metric: "ndcg@10", difference: 0.09, low: 0.01, high: 0.17 },
      { best: "ials #2", other: "item_item", metric: "ndcg@10", difference: 0.02, low: -0.01, high: 0.05 },
    ],
  },
};

function serve(answer: unknown, status = 200): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(answer), { status })));
}

/** The text of each row of a table, without its head. */
function rowsOf(region: HTMLElement): (string | null)[] {
  return within(region).getAllByRole("row").slice(1).map((row) => row.textContent);
}

describe("ModelsPage", () => {
  it("shows what the search tried, round by round, best first", async () => {
    serve(run);

    render(<ModelsPage apiKey={null} />);

    const rows = rowsOf(await screen.findByRole("region", { name: "Search" }));
    expect(rows).toEqual([
      "Round 1: 50.0 % of the users",
      "ials #2, pickedfactors 64, regularisation 0.01230.2000 (0.1900 to 0.2100)2.0 s",
      "ials #1factors 64, regularisation 0.01230.1000 (0.0900 to 0.1100)2.0 s",
      "ials #3factors 64, regularisation 0.0123LRN017: it ran away2.0 s",
      "Round 2: 100.0 % of the users",
      "ials #2, pickedfactors 64, regularisation 0.01230.2500 (0.2400 to 0.2600)2.0 s",
    ]);
  });

  it("puts the least loss first where settings of rows were searched", async () => {
    const { protocol } = run.evaluation;
    serve({
      ...run, search: run.search && { ...run.search, metric: "log_loss", lower_is_better: true },
      evaluation: { ...run.evaluation, protocol: { ...protocol, candidates: "rows" } },
    });

    render(<ModelsPage apiKey={null} />);

    const rows = rowsOf(await screen.findByRole("region", { name: "Search" })).slice(0, 4).map((row) => row?.slice(0, 12));
    expect(rows).toEqual(["Round 1: 50.", "ials #1facto", "ials #2, pic", "ials #3facto"]);
    expect(screen.getByText("Round 1: 50.0 % of the rows")).toBeDefined();
  });

  it("shows figures with the gate's metric first and popularity last, differences, and slices", async () => {
    serve(run);

    render(<ModelsPage apiKey={null} />);

    const figures = await screen.findByRole("region", { name: "Models" });
    expect(within(figures).getAllByRole("columnheader").map((cell) => cell.textContent)).toEqual([
      "Model", "ndcg@10", "recall@10", "popularity_lift@10",
    ]);
    expect(rowsOf(figures)).toEqual(["popular0.11000.30001.5000", "ials #2, best0.2000 (0.1800 to 0.2200)––"]);
    expect(rowsOf(screen.getByRole("region", { name: "Differences" }))).toEqual([
      "ials #2popularndcg@10+0.0900 (+0.0100 to +0.1700)yes",
      "ials #2item_itemndcg@10+0.0200 (−0.0100 to +0.0500)no",
    ]);
    expect(rowsOf(screen.getByRole("region", { name: "Slices" }))).toEqual([
      "new users40.05000.0600",
      "activity, tenth 109–0.3100",
    ]);
    expect(screen.getByText(/Version 3, 2026-01-02 03:04:05/).textContent).toContain("Promoted: It beats the champion.");
  });

  it("says that nothing was trained, and what a run without search, slices and differences leaves out", async () => {
    serve(null);
    const first = render(<ModelsPage apiKey={null} />);
    expect((await screen.findByText(/Nothing was trained yet/)).className).toContain("calm");
    first.unmount();
    const [popular] = run.evaluation.models;
    serve({
      ...run, search: null, version: null,
      evaluation: { ...run.evaluation, differences: null, models: [{ ...popular, slices: null }] },
    });

    render(<ModelsPage apiKey={null} />);

    await screen.findByRole("region", { name: "Models" });
    expect(screen.getAllByRole("region")).toHaveLength(1);
  });

  it("says in the server's words why there is nothing", async () => {
    serve({ code: "HTP003", what: "The key is missing.", remedy: "Send it." }, 401);

    render(<ModelsPage apiKey={null} />);

    expect((await screen.findByRole("alert")).textContent).toBe("HTP003: The key is missing. Send it.");
  });
});
