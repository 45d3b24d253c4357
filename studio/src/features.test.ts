import { describe, expect, it } from "vitest";
import { historyPath, moment, number, said, signed } from "./features";

describe("said", () => {
  it("shows every kind of value, and null as a dash", () => {
    expect(said(3.14159)).toBe("3.142");
    expect(said("tv")).toBe("tv");
    expect(said(["v1", "v2"])).toBe("v1, v2");
    expect(said([2.5, 1])).toBe("2.5, 1");
    expect(said({ tv: 2, phone: 1 })).toBe("tv 2, phone 1");
    expect(said([{ value: "v1", age: 60.5, weight: 0.25 }, { value: "v2", age: 3, weight: null }])).toBe(
      "v1 × 0.25 (60.5 s ago), v2 (3 s ago)",
    );
    expect(said(undefined)).toBe("–");
  });
});

describe("number", () => {
  it("keeps four digits that matter, and whole numbers whole", () => {
    expect(number(1234567)).toBe("1,234,567");
    expect(number(0.000123456)).toBe("0.0001235");
    expect(number(12.3)).toBe("12.3");
    expect(number(-2)).toBe("-2");
  });
});

describe("signed", () => {
  it("shows the sign of an importance", () => {
    expect(signed(0.01234)).toBe("+0.0123");
    expect(signed(-0.5)).toBe("−0.500");
    expect(signed(0)).toBe("+0.00");
  });
});

describe("historyPath", () => {
  it("escapes ids, and leaves the moment out where none is given", () => {
    expect(historyPath("user_play", "a/b&c", "")).toBe("/v1/features/user_play/a%2Fb%26c?events=50");
    expect(historyPath("v", "u", "2026-01-02T03:04:05+01:00")).toContain("&as_of=2026-01-02T03%3A04%3A05%2B01%3A00");
  });
});

describe("moment", () => {
  it("is UTC to the second, and what is no moment stays as it is", () => {
    expect(moment("2026-01-02T03:04:05.678+01:00")).toBe("2026-01-02 02:04:05");
    expect(moment("?")).toBe("?");
  });
});
