import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { App } from "./App";
import { sample } from "./sample";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

/** A server that sends one snapshot and leaves the stream open. */
function serve(snapshot: unknown): void {
  const text = `event: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`;
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
    },
  });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status: 200 })));
}

describe("App", () => {
  it("shows each box by name with its number, and that it is live", async () => {
    serve(sample());

    render(<App />);

    expect((await screen.findByRole("region", { name: "Raw log" })).textContent).toContain("1,200 events");
    expect(screen.getAllByRole("region").map((box) => box.getAttribute("data-box"))).toEqual([
      "log", "lake", "features", "training", "registry", "serving", "monitoring",
    ]);
    expect((await screen.findByText("live")).getAttribute("role")).toBe("status");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("videos");
  });

  it("says how to begin where the raw log is empty", async () => {
    serve(sample({ log: { events: 0, endPosition: 0, eventsPerSecond: 0 } }));

    render(<App />);

    expect(await screen.findByText(/raw log is empty/)).toBeDefined();
  });

  it("says what failed in the background, and what to do", async () => {
    serve(sample({ problem: { job: "compaction", message: "LAK005: The disk is full. Make room.", time: "2026-01-02T03:04:05Z" } }));

    render(<App />);

    expect((await screen.findByRole("alert")).textContent).toBe("compaction failed: LAK005: The disk is full. Make room.");
  });

  it("says that the connection was lost and why", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status: 503 })));

    render(<App />);

    expect((await screen.findByRole("alert")).textContent).toContain("The server answered 503.");
    expect(screen.getByRole("status").textContent).toBe("reconnecting");
  });

  it("asks for the API key where the server wants one", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status: 401 })));

    render(<App />);

    expect(await screen.findByLabelText("This server asks for an API key")).toBeDefined();
  });
});
