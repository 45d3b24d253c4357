interface Bar {
  name: string;
  value: number;
  /** The value in words, beside the bar. */
  said: string;
  /** Ends of its interval, drawn as a line. */
  interval?: readonly [number, number];
}

interface Props {
  label: string;
  bars: readonly Bar[];
}

const WIDTH = 300;

/** Bars from zero, to the right above it and to the left below, a row each with its name and value. */
export function Bars({ label, bars }: Props) {
  const ends = bars.flatMap((bar) => [bar.value, ...(bar.interval ?? [])]);
  const low = Math.min(0, ...ends);
  const span = Math.max(0, ...ends) - low;
  const x = (value: number) => (span === 0 ? 0 : ((value - low) / span) * WIDTH);
  return (
    <ul className="bars" aria-label={label}>
      {bars.map(({ name, value, said, interval }) => (
        <li key={name}>
          <span>{name}</span>
          <svg viewBox={`0 0 ${WIDTH} 14`} preserveAspectRatio="none" aria-hidden="true">
            <rect className={value < 0 ? "below" : ""} x={x(Math.min(0, value))} y="2" width={Math.abs(x(value) - x(0))} height="10" />
            {interval !== undefined && <path d={`M${x(interval[0])} 7H${x(interval[1])}`} />}
          </svg>
          <span className="right">{said}</span>
        </li>
      ))}
    </ul>
  );
}
