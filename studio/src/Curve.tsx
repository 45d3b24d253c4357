interface Props {
  values: readonly number[];
}

/** A small curve of the last two minutes, from zero to its own highest value; decoration beside the number. */
export function Curve({ values }: Props) {
  const points = curvePoints(values, 100, 24);
  return (
    <svg className="curve" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      {points !== "" && <polygon points={`0,24 ${points} 100,24`} />}
      {points !== "" && <polyline points={points} />}
    </svg>
  );
}

/** Points of a curve that fills a width and a height; empty before there are two values. */
export function curvePoints(values: readonly number[], width: number, height: number): string {
  const top = Math.max(...values, 0);
  return values.length < 2
    ? ""
    : values
        .map((value, index) => {
          const x = (index * width) / (values.length - 1);
          const y = top === 0 ? height - 1 : height - 1 - (value / top) * (height - 3);
          return `${x.toFixed(1)},${y.toFixed(1)}`;
        })
        .join(" ");
}
