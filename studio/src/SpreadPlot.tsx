import { number, type Feature } from "./features";

const WIDTH = 168;
const HEIGHT = 44;

interface Props {
  feature: Feature;
}

/** Training and live values of a feature in the same bins: bars for training, a stepped line for live. */
export function SpreadPlot({ feature: { name, train, live, edges } }: Props) {
  const top = Math.max(...(train?.shares ?? []), ...(live?.shares ?? []), 0);
  if (top === 0) {
    return <span className="none">no values yet</span>;
  }
  const bins = edges.length - 1;
  const width = WIDTH / bins;
  const height = (share: number) => (share / top) * (HEIGHT - 2);
  return (
    <figure className="spread">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label(name, train, live)}>
        {train?.shares.map((share, bin) => (
          <rect key={bin} x={bin * width} y={HEIGHT - height(share)} width={Math.max(1, width - 1)} height={height(share)} />
        ))}
        {live !== undefined && live.shares.length > 0 && <path d={steps(live.shares, width, height)} />}
      </svg>
      <figcaption>
        <span>{number(edges[0] ?? 0)}</span>
        <span>{number(edges.at(-1) ?? 0)}</span>
      </figcaption>
    </figure>
  );
}

function steps(shares: readonly number[], width: number, height: (share: number) => number): string {
  return shares
    .map((share, bin) => {
      const y = (HEIGHT - height(share)).toFixed(1);
      return `${bin === 0 ? "M" : "L"}${(bin * width).toFixed(1)} ${y}H${((bin + 1) * width).toFixed(1)}`;
    })
    .join("");
}

function label(name: string, train: Feature["train"], live: Feature["live"]): string {
  const medians = [
    train?.median === undefined ? null : `median in training ${number(train.median)}`,
    live?.median === undefined ? null : `live ${number(live.median)}`,
  ];
  return [`Values of ${name}`, ...medians.filter((each) => each !== null)].join(", ");
}
