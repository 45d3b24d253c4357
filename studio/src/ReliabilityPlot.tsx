import { number } from "./features";
import { percent } from "./format";
import type { Bin } from "./runs";

const SIZE = 260;
const LEFT = 44;
const BOTTOM = 42;

interface Props {
  bins: readonly Bin[];
  /** Probability from which on one acts; null where nothing is decided. */
  threshold: number | null;
}

/** What was said against what happened: on the diagonal a chance of 0.3 comes true three times in ten. */
export function ReliabilityPlot({ bins, threshold }: Props) {
  const top = reach(bins);
  const most = Math.max(...bins.map((bin) => bin.rows));
  const x = (value: number) => LEFT + (value / top) * SIZE;
  const y = (value: number) => SIZE * (1 - value / top) + 8;
  const ticks = [0, top / 2, top];
  return (
    <figure className="reliability">
      <svg viewBox={`0 0 ${LEFT + SIZE + 12} ${SIZE + BOTTOM + 8}`} role="img" aria-label={label(bins)}>
        <rect x={LEFT} y={8} width={SIZE} height={SIZE} />
        {ticks.map((tick) => (
          <g key={tick}>
            <text x={LEFT - 7} y={y(tick) + 4} textAnchor="end">{number(tick)}</text>
            <text x={x(tick)} y={SIZE + 24} textAnchor="middle">{number(tick)}</text>
          </g>
        ))}
        <text x={LEFT + SIZE / 2} y={SIZE + BOTTOM} textAnchor="middle">probability said</text>
        <text transform={`translate(11 ${SIZE / 2 + 8}) rotate(-90)`} textAnchor="middle">share that happened</text>
        <path className="diagonal" d={`M${x(0)} ${y(0)}L${x(top)} ${y(top)}`} />
        {threshold !== null && threshold <= top && (
          <path className="threshold" d={`M${x(threshold)} ${y(0)}V${y(top)}`} />
        )}
        <polyline points={bins.map((bin) => `${x(bin.predicted)},${y(bin.observed)}`).join(" ")} />
        {bins.map((bin) => (
          <g key={bin.predicted}>
            <title>{spoken(bin)}</title>
            <path className="interval" d={`M${x(bin.predicted)} ${y(bin.observed_low)}V${y(Math.min(top, bin.observed_high))}`} />
            <circle cx={x(bin.predicted)} cy={y(bin.observed)} r={3 + 6 * Math.sqrt(bin.rows / most)} />
          </g>
        ))}
      </svg>
      <figcaption>
        Circles grow with their rows, bars are 95 % intervals{threshold === null ? "." : "; from the dashed line on one acts."}
      </figcaption>
    </figure>
  );
}

/** The end of both axes: the smallest of some round shares that holds every circle. */
export function reach(bins: readonly Bin[]): number {
  const highest = Math.max(...bins.map((bin) => Math.max(bin.predicted, bin.observed)));
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8].find((end) => highest <= end) ?? 1;
}

function spoken(bin: Bin): string {
  return `${bin.rows} rows: said ${percent(bin.predicted)}, happened ${percent(bin.observed)} (${percent(bin.observed_low)} to ${percent(bin.observed_high)})`;
}

function label(bins: readonly Bin[]): string {
  return `What was said against what happened. ${bins.map(spoken).join("; ")}`;
}
