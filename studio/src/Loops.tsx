import { useLayoutEffect, useRef, useState } from "react";
import { BoxView } from "./BoxView";
import { boxIds, describe, type BoxId } from "./boxes";
import { edges } from "./edges";
import { route, type Rect } from "./geometry";
import type { Snapshot } from "./snapshot";

type Places = Partial<Record<BoxId, Rect>>;

/** Below this width the boxes stand in two columns: the training loop goes down the left, the serving loop up the right. */
const NARROW_PIXELS = 860;

interface Props {
  snapshot: Snapshot | null;
  history: readonly Snapshot[];
}

/** Both loops as one picture: boxes with live numbers, joined by what flows between them. */
export function Loops({ snapshot, history }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const [places, setPlaces] = useState<Places>({});
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [near, setNear] = useState<BoxId | null>(null);

  useLayoutEffect(() => {
    const element = stage.current;
    if (element === null) {
      return;
    }
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
      setPlaces(measure(element));
    });
    observer.observe(element);
    for (const box of element.querySelectorAll("[data-box]")) {
      observer.observe(box);
    }
    return () => {
      observer.disconnect();
    };
  }, []);

  const narrow = size.width < NARROW_PIXELS;
  return (
    <div className="stage" ref={stage}>
      <svg className="edges" width={size.width} height={size.height} aria-hidden="true">
        <defs>
          {(["training", "serving", "watch"] as const).map((loop) => (
            <marker key={loop} id={`arrow-${loop}`} viewBox="0 0 8 8" refX="6" refY="4" markerWidth="6.5" markerHeight="6.5" orient="auto">
              <path className={`tip ${loop}`} d="M0 .5 7.5 4 0 7.5z" />
            </marker>
          ))}
        </defs>
        {edges.map((edge) => {
          const from = places[edge.from];
          const to = places[edge.to];
          if (from === undefined || to === undefined) {
            return null;
          }
          const [start, end] = narrow ? edge.narrow : edge.wide;
          const { path, middle } = route(from, start, to, end);
          const touched = near === edge.from || near === edge.to;
          const flows = snapshot !== null && edge.active(snapshot);
          return (
            <g key={`${edge.from}-${edge.to}`} className={`edge ${edge.loop}${touched ? " near" : ""}`}>
              <path className="line" d={path} markerEnd={`url(#arrow-${edge.loop})`} />
              {flows && <path className="flow" d={path} />}
              {!narrow && (
                <text x={middle.x + edge.labelAt.dx} y={middle.y + edge.labelAt.dy} textAnchor={edge.labelAt.anchor}>
                  {edge.label}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <p className="loop-name training" aria-hidden="true">
        Training loop<small>offline</small>
      </p>
      <p className="loop-name serving" aria-hidden="true">
        Serving loop<small>online</small>
      </p>
      <p className="hidden">
        Training loop: raw log, lake, features, training, model registry. Serving loop: model registry, prediction service, raw
        log. Both are closed through the raw log; monitoring reads it and asks training for a new model.
      </p>
      {describe(snapshot).map((box) => (
        <BoxView key={box.id} box={box} history={history} onNear={setNear} />
      ))}
    </div>
  );
}

function measure(stage: HTMLElement): Places {
  const places: Places = {};
  for (const id of boxIds) {
    const box = stage.querySelector<HTMLElement>(`[data-box="${id}"]`);
    if (box !== null) {
      places[id] = { x: box.offsetLeft, y: box.offsetTop, width: box.offsetWidth, height: box.offsetHeight };
    }
  }
  return places;
}
