/** A box's place, in pixels within the picture. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export type Side = "left" | "right" | "top" | "bottom";

/** A point on a side: 0 is its left or upper end, 1 the other. */
export interface Anchor {
  side: Side;
  at?: number;
  /** How far the curve leaves the side before it turns, in pixels; by default a share of the way. */
  reach?: number;
}

/** A curve between two boxes, and where its label goes. */
export interface Curve {
  path: string;
  middle: Point;
}

const GAP = 6;

/** Draws a curve that leaves one box and meets another at right angles to their sides. */
export function route(from: Rect, start: Anchor, to: Rect, end: Anchor): Curve {
  const a = pointOn(from, start, 0);
  const d = pointOn(to, end, GAP);
  const b = pushOut(a, start, d);
  const c = pushOut(d, end, a);
  const middle = { x: (a.x + 3 * b.x + 3 * c.x + d.x) / 8, y: (a.y + 3 * b.y + 3 * c.y + d.y) / 8 };
  return { path: `M${text(a)}C${text(b)} ${text(c)} ${text(d)}`, middle };
}

function pointOn(rect: Rect, { side, at = 0.5 }: Anchor, gap: number): Point {
  switch (side) {
    case "left":
      return { x: rect.x - gap, y: rect.y + rect.height * at };
    case "right":
      return { x: rect.x + rect.width + gap, y: rect.y + rect.height * at };
    case "top":
      return { x: rect.x + rect.width * at, y: rect.y - gap };
    case "bottom":
      return { x: rect.x + rect.width * at, y: rect.y + rect.height + gap };
  }
}

function pushOut(point: Point, { side, reach }: Anchor, other: Point): Point {
  const horizontal = reach ?? Math.abs(other.x - point.x) * 0.55;
  const vertical = reach ?? Math.abs(other.y - point.y) * 0.55;
  switch (side) {
    case "left":
      return { x: point.x - horizontal, y: point.y };
    case "right":
      return { x: point.x + horizontal, y: point.y };
    case "top":
      return { x: point.x, y: point.y - vertical };
    case "bottom":
      return { x: point.x, y: point.y + vertical };
  }
}

function text({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}
