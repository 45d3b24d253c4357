import { describe, expect, it } from "vitest";
import { bytes, count, duration, milliseconds, percent, rate, shortHash } from "./format";

describe("format", () => {
  it.each([
    [count(0), "0"],
    [count(999_999), "999,999"],
    [count(1_234_567), "1.2M"],
    [bytes(0), "0 B"],
    [bytes(1023), "1,023 B"],
    [bytes(1024), "1.0 KiB"],
    [bytes(98_234_567), "93.7 MiB"],
    [bytes(500 * 1024 ** 5), "512,000 TiB"],
    [rate(0.04), "0.0"],
    [rate(1234.5), "1,235"],
    [milliseconds(0), "–"],
    [milliseconds(0.837), "0.84 ms"],
    [milliseconds(31.25), "31.3 ms"],
    [milliseconds(1250.4), "1,250 ms"],
    [duration(0.84), "0.8 s"],
    [duration(125), "2 min 5 s"],
    [percent(0.213), "21.3 %"],
    [shortHash("sha256:9f3ac21be011"), "9f3ac21b"],
  ])("gives %s", (actual, expected) => {
    expect(actual).toBe(expected);
  });
});
