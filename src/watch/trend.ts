const DAY_MS = 24 * 60 * 60_000;
/** So many days are looked back on; with fewer than the second, nothing is said. */
const LOOKED_BACK = 14;
const LEAST_DAYS = 4;

/** What was left at some time, in megabytes: of memory with swap, or on a file system by where it is mounted. */
export type Measures = Readonly<Record<string, number>>;

/** @property at milliseconds since the epoch */
export interface Sample {
  readonly at: number;
  readonly left: number;
}

/**
 * Where what is left goes: the least of each day counts, as a nightly job or a cache makes hours differ.
 * @param samples in their order @param least what must be left
 * @returns days until less than that is left, as the days so far went; `undefined` while it does not shrink, or is not known
 */
export function daysLeft(samples: readonly Sample[], least: number): number | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const days = new Map<number, number>();
  for (const { at, left } of samples) {
    if (last.at - at > LOOKED_BACK * DAY_MS) continue;
    const day = Math.floor(at / DAY_MS);
    days.set(day, Math.min(days.get(day) ?? Number.POSITIVE_INFINITY, left));
  }
  if (days.size < LEAST_DAYS) return undefined;
  const slope = slopeOf([...days]);
  return slope >= 0 ? undefined : Math.max(0, (last.left - least) / -slope);
}

/** By least squares. @returns megabytes a day */
function slopeOf(points: readonly (readonly [day: number, left: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [day, left] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const over = points.reduce((sum, [x, y]) => sum + (x - day) * (y - left), 0);
  return over / points.reduce((sum, [x]) => sum + (x - day) ** 2, 0);
}
