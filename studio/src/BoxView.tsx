import type { Box, BoxId } from "./boxes";
import { Curve } from "./Curve";
import type { Snapshot } from "./snapshot";

interface Props {
  box: Box;
  history: readonly Snapshot[];
  onNear: (id: BoxId | null) => void;
}

/** One box of the picture. Pointing at it, or reaching it by keyboard, brings out its arrows. */
export function BoxView({ box, history, onNear }: Props) {
  const heading = `box-${box.id}`;
  const read = curves[box.id];
  return (
    <section
      className={`box ${box.id}`}
      data-box={box.id}
      aria-labelledby={heading}
      // A group of live numbers that keyboard users step through, like the picture's readers with a pointer.
      tabIndex={0}
      onPointerEnter={() => { onNear(box.id); }}
      onPointerLeave={() => { onNear(null); }}
      onFocus={() => { onNear(box.id); }}
      onBlur={() => { onNear(null); }}
    >
      <header>
        <h2 id={heading}>{box.title}</h2>
        {box.badge !== null && <span className={`badge ${box.badge.tone}`} title={box.badge.text}>{box.badge.text}</span>}
      </header>
      <p className="figure">
        <strong data-figure={box.id}>{box.figure}</strong> <span>{box.unit}</span>
      </p>
      {read !== undefined && <Curve values={history.map(read)} />}
      <dl>
        {box.rows.map((row) => (
          <div key={row.name}>
            <dt>{row.name}</dt>
            <dd className={row.tone ?? "plain"} title={row.value}>{row.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const curves: Partial<Record<BoxId, (snapshot: Snapshot) => number>> = {
  log: ({ log }) => log.eventsPerSecond,
  serving: ({ serving }) => serving.requestsPerSecond,
};
