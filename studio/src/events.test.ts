import { describe, expect, it } from "vitest";
import { EventReader } from "./events";

describe("EventReader", () => {
  it("gives the same events however the stream is cut", () => {
    const stream = ': hello\n\nevent: snapshot\ndata: {"a":1}\n\nevent: snapshot\r\ndata: one\r\ndata: two\r\n\r\ndata:plain\n\n';
    const expected = [
      { type: "snapshot", data: '{"a":1}' },
      { type: "snapshot", data: "one\ntwo" },
      { type: "message", data: "plain" },
    ];

    for (let size = 1; size <= stream.length; size++) {
      const reader = new EventReader();
      const events = [];
      for (let at = 0; at < stream.length; at += size) {
        events.push(...reader.push(stream.slice(at, at + size)));
      }
      expect(events, `pieces of ${size}`).toEqual(expected);
    }
  });

  it("keeps an unfinished event", () => {
    const reader = new EventReader();

    expect(reader.push("data: half")).toEqual([]);
    expect(reader.push(" more\n\n")).toEqual([{ type: "message", data: "half more" }]);
  });
});
