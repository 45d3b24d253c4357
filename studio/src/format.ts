const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A count: exact while it is short, then `1.2M`. */
export function count(value: number): string {
  return value < 1_000_000 ? whole.format(value) : compact.format(value);
}

/** Bytes in powers of 1024: `512 B`, `1.5 MiB`. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  const scaled = value / 1024 ** power;
  return `${power === 0 || scaled >= 100 ? whole.format(scaled) : scaled.toFixed(1)} ${units[power] ?? ""}`;
}

/** A rate: one decimal below ten, whole above. */
export function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : count(value);
}

/** Milliseconds with as many decimals as matter; a dash before the first measurement. */
export function milliseconds(value: number): string {
  return value <= 0 ? "–" : `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : whole.format(value)} ms`;
}

/** Seconds a run took: `0.8 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  return seconds < 60
    ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A share as per cent. */
export function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

/** The first characters of a hash, without its algorithm. */
export function shortHash(hash: string): string {
  return hash.replace(/^sha256:/, "").slice(0, 8);
}
