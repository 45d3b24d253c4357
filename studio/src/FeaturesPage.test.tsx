import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Catalogue, History } from "./features";
import { FeaturesPage } from "./FeaturesPage";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const catalogue: Catalogue = {
  name: "videos",
  time: "2026-01-02T00:00:00Z",
  model: 7,
  training_set: "sha256:abcdef0123",
  live_from: "2026-01-01T00:00:00Z",
  live_rows: 1200,
  request: [],
  ranking: { kind: "logistic", is_used: true, reason: "shown_auc 0.78 against 0.74", retrieval_importance: 0.05 },
  views: [
    {
      name: "user_play", entity: "user", source: "play", description: "", owner: "feed", version: "sha256:1234567890",
      where: ["watch >= 0.5"], time_to_live: "30d", newest_event: "2026-01-02T00:00:00Z",
      features: [
        {
          name: "plays_7d", definition: "count over 7d", summary: "Number of events.", kind: "number", edges: [0, 5, 10], psi: 0.0314,
          importance: 0.01234, weight: 0.5, skew: 0,
          train: { rows: 10, null_share: 0.25, median: 3, shares: [0.75, 0.25] },
          live: { rows: 20, null_share: 0.5, median: 4, shares: [0.5, 0.5] },
        },
        { name: "recent", definition: "last_k item 50", summary: "Newest.", kind: "ids", edges: [] },
      ],
    },
  ],
};

const history: History = {
  view: "user_play", id: "u1", as_of: "2026-01-02T00:00:00Z", event_count: 2,
  values: [
    { feature: "plays_7d", value: 1, window_start: "2025-12-26T00:00:00Z", seen: 1 },
    { feature: "recent", value: ["v1", "v2"], seen: 2 },
  ],
  events: [
    { event_time: "2026-01-01T00:00:00Z", known_time: "2026-01-01T00:00:01Z", cells: { item: "v2" }, counts_in: ["plays_7d", "recent"] },
    { event_time: "2025-12-01T00:00:00Z", known_time: "2025-12-01T00:00:01Z", cells: { item: "v1" }, counts_in: ["recent"] },
  ],
};

/** Answers by path, and remembers what was asked. */
function serve(answers: Record<string, unknown>, status = 200): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const found = Object.keys(answers).find((start) => path.startsWith(start)) ?? "";
    return Promise.resolve(new Response(JSON.stringify(answers[found]), { status }));
  });
  return asked;
}

describe("FeaturesPage", () => {
  it("shows each feature with its definition, lineage, values in training and live, and drift", async () => {
    serve({ "/v1/features": catalogue });

    render(<FeaturesPage apiKey={null} />);

    const view = await screen.findByRole("region", { name: "user_play" });
    expect(within(view).getByRole("list", { name: "Lineage" }).textContent).toBe("playuser_play 12345678training set abcdef01model v7");
    expect(view.textContent).toContain("watch >= 0.5");
    const row = within(view).getByRole("row", { name: /plays_7d/ });
    expect(row.textContent).toContain("count over 7d");
    expect(row.textContent).toContain("25.0 %50.0 %0.0310.0 %+0.0123");
    expect(within(row).getByTitle(/adds ±0\.500 to the log-odds/).textContent).toBe("+0.0123");
    expect(screen.getByText(/orders its candidates by these features/).textContent).toContain("(logistic): shown_auc 0.78");
    expect(within(row).getByRole("img").getAttribute("aria-label")).toBe("Values of plays_7d, median in training 3, live 4");
    expect(row.querySelectorAll("rect")).toHaveLength(2);
    expect(within(view).getByRole("row", { name: /recent/ }).textContent).toContain("ids");
  });

  it("says why the champion does not order by features", async () => {
    const ranking = { kind: "logistic", is_used: false, reason: "The order of retrieval stays: it is as good." };
    serve({ "/v1/features": { ...catalogue, ranking } });

    render(<FeaturesPage apiKey={null} />);

    expect((await screen.findByText(/The order of retrieval stays/)).textContent).toBe(ranking.reason);
  });

  it("looks an entity up as of a moment, and brings out the events that a feature counts", async () => {
    const asked = serve({ "/v1/features/": history, "/v1/features": catalogue });
    render(<FeaturesPage apiKey={null} />);
    fireEvent.change(await screen.findByLabelText("Id of the entity"), { target: { value: "u1" } });
    fireEvent.change(screen.getByLabelText("As of, UTC"), { target: { value: "2026-01-02T00:00:00Z" } });

    fireEvent.click(screen.getByRole("button", { name: "Look up" }));

    expect((await screen.findByText(/2 events behind/)).textContent).toContain("user_play of u1 as of 2026-01-02 00:00:00");
    expect(asked.at(-1)).toBe("/v1/features/user_play/u1?events=50&as_of=2026-01-02T00%3A00%3A00Z");
    const [value] = screen.getAllByRole("row", { name: /plays_7d/ });
    fireEvent.pointerEnter(value as HTMLElement);
    expect(screen.getByRole("row", { name: /item v2/ }).className).toBe("near");
    expect(screen.getByRole("row", { name: /item v1/ }).className).toBe("");
  });

  it("shows what is computed when it is read without a source, and offers no look-up of it", async () => {
    const moment = {
      name: "moment", entity: "", source: "", description: "", owner: "", version: "sha256:aa", where: [],
      features: [{ name: "hour", definition: "hour(now)", summary: "Computed when it is read.", kind: "number", edges: [] }],
    };
    serve({ "/v1/features": { ...catalogue, views: [...catalogue.views, moment] } });

    render(<FeaturesPage apiKey={null} />);

    const view = await screen.findByRole("region", { name: "moment" });
    expect(view.textContent).toContain("Computed when it is read.");
    expect(view.textContent).toContain("hour(now)");
    expect(view.textContent).not.toContain("newest event");
    const offered = within(screen.getByLabelText("View")).getAllByRole("option");
    expect(offered.map((option) => option.textContent)).toEqual(["user_play"]);
  });

  it("says why there is nothing to show", async () => {
    serve({ "/v1/features": { code: "LAK005", what: "The disk is full.", remedy: "Make room." } }, 500);

    render(<FeaturesPage apiKey={null} />);

    expect((await screen.findByRole("alert")).textContent).toBe("LAK005: The disk is full. Make room.");
  });
});
