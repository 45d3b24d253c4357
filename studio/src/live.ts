import { asking } from "./api";
import { EventReader } from "./events";
import { parseSnapshot, type Snapshot } from "./snapshot";

/** What the connection is doing, in the words the page shows. */
export type Connection =
  | { state: "connecting" }
  | { state: "live" }
  | { state: "lost"; reason: string; attempt: number }
  | { state: "locked"; refused: boolean };

export interface LiveOptions {
  /** Key to send, or null where none is known. */
  key: string | null;
  onSnapshot: (snapshot: Snapshot) => void;
  onConnection: (connection: Connection) => void;
  /** Seams for tests: the browser's own otherwise. */
  fetch?: typeof fetch;
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The server sends at least every second; silence for this long means the line is dead. */
const SILENCE_MILLISECONDS = 15_000;

/** Follows `GET /v1/live` until aborted: reconnects with growing pauses, and says what it is doing. */
export async function follow(options: LiveOptions, signal: AbortSignal): Promise<void> {
  const wait = options.wait ?? pause;
  let attempt = 0;
  options.onConnection({ state: "connecting" });
  while (!signal.aborted) {
    let reason = "The server closed the stream.";
    try {
      const outcome = await readOnce(options, signal, () => {
        attempt = 0;
      });
      if (outcome === "locked") {
        options.onConnection({ state: "locked", refused: options.key !== null });
        return;
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : "The connection failed.";
    }
    // An abort may have come while the stream was read; the compiler cannot know.
    if ((signal as { aborted: boolean }).aborted) {
      return;
    }
    attempt++;
    options.onConnection({ state: "lost", reason, attempt });
    await wait(Math.min(15_000, 500 * 2 ** Math.min(attempt, 6)), signal);
  }
}

async function readOnce(options: LiveOptions, signal: AbortSignal, onFirst: () => void): Promise<"ended" | "locked"> {
  const silence = new AbortController();
  const both = AbortSignal.any([signal, silence.signal]);
  let timer = setTimeout(giveUp, SILENCE_MILLISECONDS);
  function giveUp(): void {
    silence.abort(new Error("The server has been silent."));
  }
  try {
    const headers = asking("text/event-stream", options.key);
    const response = await (options.fetch ?? fetch)("/v1/live", { headers, signal: both, cache: "no-store" });
    if (response.status === 401) {
      return "locked";
    }
    if (!response.ok || response.body === null) {
      throw new Error(`The server answered ${response.status}.`);
    }
    const reader = new EventReader();
    const text = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await text.read();
      if (done) {
        return "ended";
      }
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MILLISECONDS);
      for (const event of reader.push(value)) {
        if (event.type === "snapshot") {
          onFirst();
          options.onSnapshot(parseSnapshot(event.data));
          options.onConnection({ state: "live" });
        }
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    }
    window.addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}
