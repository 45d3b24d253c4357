import { describe, expect, it } from "vitest";
import { follow, type Connection } from "./live";
import { sample } from "./sample";
import { parseSnapshot, type Snapshot } from "./snapshot";

function stream(text: string): Response {
  return new Response(text, { status: 200, headers: { "content-type": "text/event-stream" } });
}

async function run(answers: (Response | Error)[], key: string | null = null) {
  const stop = new AbortController();
  const connections: Connection[] = [];
  const snapshots: Snapshot[] = [];
  const headers: (HeadersInit | undefined)[] = [];
  const waits: number[] = [];
  await follow(
    {
      key,
      onConnection: (connection) => connections.push(connection),
      onSnapshot: (snapshot) => snapshots.push(snapshot),
      fetch: (_, init) => {
        headers.push(init?.headers);
        const answer = answers.shift();
        return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer ?? new Error("none left"));
      },
      wait: (milliseconds) => {
        waits.push(milliseconds);
        if (answers.length === 0) {
          stop.abort();
        }
        return Promise.resolve();
      },
    },
    stop.signal,
  );
  return { connections, snapshots, headers, waits };
}

const one = `event: snapshot\ndata: ${JSON.stringify(sample())}\n\n`;

describe("follow", () => {
  it("hands on snapshots and says that it is live", async () => {
    const { connections, snapshots } = await run([stream(one + one)]);

    expect(snapshots).toEqual([sample(), sample()]);
    expect(connections.map(({ state }) => state)).toEqual(["connecting", "live", "live", "lost"]);
  });

  it("reconnects with growing pauses and begins anew after a success", async () => {
    const { connections, waits } = await run([
      new Error("refused"), new Response("", { status: 503 }), new Error("refused"), stream(one), new Error("refused"),
    ]);

    expect(waits).toEqual([1000, 2000, 4000, 1000, 2000]);
    expect(connections).toContainEqual({ state: "lost", reason: "The server answered 503.", attempt: 2 });
  });

  it("stops and asks for a key where the server wants one", async () => {
    const { connections } = await run([new Response("", { status: 401 })]);

    expect(connections.at(-1)).toEqual({ state: "locked", refused: false });
  });

  it("sends the key, and says when it is refused", async () => {
    const { connections, headers } = await run([new Response("", { status: 401 })], "secret");

    expect(headers[0]).toMatchObject({ authorization: "Bearer secret" });
    expect(connections.at(-1)).toEqual({ state: "locked", refused: true });
  });
});

describe("parseSnapshot", () => {
  it.each(["null", "1", "{}", '{"name":"x","log":{}}'])("refuses %s", (text) => {
    expect(() => parseSnapshot(text)).toThrow("not a snapshot");
  });
});
