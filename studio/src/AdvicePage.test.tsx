import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Proposal, Question } from "./advice";
import { AdvicePage } from "./AdvicePage";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const questions: readonly Question[] = [
  { key: "then", text: "What happens after a prediction?", default: "act", choices: [{ word: "act", meaning: "do something or not" }, { word: "list", meaning: "show some" }] },
  { key: "slots", text: "How many?", default: "0", choices: [] },
  { key: "base_rate", text: "How often?", default: "0.1", choices: [] },
];

const proposal: Proposal = {
  lines: [
    { path: "objective.task", said: "binary", said_before: "", reason: "to act or not is decided row by row" },
    { path: "evaluation.gate", said: "{metric: log_loss}", said_before: "{metric: pr_auc}", reason: "chances must be right" },
  ],
  text: "name: my-system\n",
  faults: [],
};

/** A server that knows the questions and gives one answer; what it was sent is kept. */
function serve(answer: unknown, status = 200): unknown[] {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", (path: string, request: RequestInit) => {
    if (request.method !== "POST") {
      return Promise.resolve(new Response(JSON.stringify({ questions }), { status: path.startsWith("/v1/advice?onto=") ? 200 : 404 }));
    }
    sent.push(JSON.parse(request.body as string));
    return Promise.resolve(new Response(JSON.stringify(answer), { status }));
  });
  return sent;
}

async function submit(): Promise<void> {
  fireEvent.click(await screen.findByRole("button", { name: "Propose a design" }));
}

describe("AdvicePage", () => {
  it("sends what was answered, and shows each line with what stood before and why", async () => {
    const sent = serve(proposal);
    render(<AdvicePage apiKey={null} />);

    fireEvent.click(await screen.findByRole("radio", { name: "show some" }));
    fireEvent.change(screen.getByLabelText("How many?"), { target: { value: " 5 " } });
    await submit();

    const card = await screen.findByRole("region", { name: "Proposal" });
    expect(sent).toEqual([{ answers: { then: "list", slots: "5" }, onto: true }]);
    expect([...card.querySelectorAll(".diff > div")].map((row) => row.textContent)).toEqual([
      "proposed: objective.task: binaryto act or not is decided row by row",
      "before: evaluation.gate: {metric: pr_auc}proposed: evaluation.gate: {metric: log_loss}chances must be right",
    ]);
    expect(within(card).getByLabelText("Proposed tandem.yaml").textContent).toBe("name: my-system\n");
  });

  it("proposes a new file where asked to, and copies it", async () => {
    const sent = serve({ ...proposal, faults: [{ code: "SPC020", what: "There is no source 'click'.", remedy: "Add it.", place: "tandem.yaml:3:1" }] });
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    render(<AdvicePage apiKey={null} />);

    fireEvent.click(screen.getByRole("checkbox"));
    await submit();
    fireEvent.click(await screen.findByRole("button", { name: "Copy the whole file" }));

    expect(await screen.findByText("Copied.")).toBeDefined();
    expect(sent).toEqual([{ answers: { then: "act" }, onto: false }]);
    expect(writeText).toHaveBeenCalledWith("name: my-system\n");
    expect(screen.getByRole("alert").textContent).toContain("tandem.yaml:3:1 SPC020: There is no source 'click'.");
  });

  it("says every fault of the answers in the server's words", async () => {
    serve({ code: "SPC079", faults: [{ code: "SPC079", what: "'x' is none.", remedy: "Say a number." }, { code: "SPC079", what: "'2' is none.", remedy: "Less." }] }, 400);
    render(<AdvicePage apiKey={null} />);

    await submit();

    expect((await screen.findByRole("alert")).textContent).toBe("SPC079: 'x' is none. Say a number.\nSPC079: '2' is none. Less.");
  });
});
