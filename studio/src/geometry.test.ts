import { describe, expect, it } from "vitest";
import { curvePoints } from "./Curve";
import { route, type Rect } from "./geometry";

const left: Rect = { x: 0, y: 0, width: 100, height: 50 };
const right: Rect = { x: 300, y: 0, width: 100, height: 50 };

describe("route", () => {
  it("draws a straight line between facing sides at one height, with room for the arrow's tip", () => {
    const { path, middle } = route(left, { side: "right" }, right, { side: "left" });

    expect(path).toBe("M100 25C206.7 25 187.3 25 294 25");
    expect(middle).toEqual({ x: 197, y: 25 });
  });

  it("leaves and arrives at right angles to the sides", () => {
    const { path } = route(left, { side: "right" }, { ...right, y: 200 }, { side: "top", at: 0.25 });

    expect(path).toMatch(/^M100 25C\S+ 25 325 \S+ 325 194$/);
  });

  it("bulges by the reach that is asked for", () => {
    const { path } = route(left, { side: "left", reach: 20 }, { ...left, y: 400 }, { side: "left", reach: 20 });

    expect(path).toBe("M0 25C-20 25 -26 425 -6 425");
  });
});

describe("curvePoints", () => {
  it("is empty before there are two values", () => {
    expect(curvePoints([1], 100, 24)).toBe("");
  });

  it("reaches from zero at the bottom to the highest at the top", () => {
    expect(curvePoints([0, 5, 10], 100, 24)).toBe("0.0,23.0 50.0,12.5 100.0,2.0");
  });

  it("lies at the bottom where all is zero", () => {
    expect(curvePoints([0, 0], 100, 24)).toBe("0.0,23.0 100.0,23.0");
  });
});
