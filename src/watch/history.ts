import { count } from '../output/duration.ts';
import type { Round } from './state.ts';

const DAY_MS = 24 * 60 * 60_000;
/** So many days are shown. */
export const DAYS = 30;

/** What the rounds of one day found, by this server's time zone. */
export interface Day {
  /** As a calendar has it: `2026-11-29`. */
  readonly day: string;
  readonly rounds: number;
  /** Rounds in which a check failed. */
  readonly failed: number;
  /** Milliseconds in which the front page came, the median of the rounds; absent where it never did. */
  readonly page?: number;
  /** The file system with the least left, and the least of that day, in megabytes. */
  readonly disk?: { readonly target: string; readonly left: number };
}

/**
 * @param rounds in their order @param now milliseconds since the epoch
 * @returns the last {@link DAYS} days, the oldest first, each there also where no round was made
 */
export function daysOf(rounds: readonly Round[], now: number): readonly Day[] {
  const byDay = Map.groupBy(rounds, ({ at }) => dayOf(at));
  return Array.from({ length: DAYS }, (_, index) => {
    // By noon: a day that is an hour shorter or longer is one day all the same.
    const day = dayOf(new Date(now).setHours(12, 0, 0, 0) - (DAYS - 1 - index) * DAY_MS);
    return { day, ...foundIn(byDay.get(day) ?? []) };
  });
}

function dayOf(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function foundIn(rounds: readonly Round[]): Omit<Day, 'day'> {
  const pages = rounds.flatMap(({ page }) => page ?? []).sort((a, b) => a - b);
  const page = pages[Math.floor(pages.length / 2)];
  const [disk] = rounds
    .flatMap(({ measures = {} }) => Object.entries(measures))
    // Memory is no file system.
    .filter(([target]) => target.startsWith('/'))
    .map(([target, left]) => ({ target, left }))
    .sort((a, b) => a.left - b.left);
  return {
    rounds: rounds.length,
    failed: rounds.filter(({ failed }) => failed.length > 0).length,
    ...(page === undefined ? {} : { page }),
    ...(disk === undefined ? {} : { disk }),
  };
}

/** How something went, day by day. */
export interface Trend {
  readonly label: string;
  /** A bar for each span of days, of equal width. */
  readonly bars: string;
  /** The same in few words: also for where bars are not seen. */
  readonly words: string;
}

/** Without the full block, which would touch the row above, and is a progress bar's. */
const BARS = '▁▂▃▄▅▆▇';
/** Of days in which no round was made. */
const NONE = '·';
/** Milliseconds of a full bar, unless a day was slower: that a fast page is a little less fast is no news. */
const FULL_PAGE_MS = 1000;

/**
 * @param width most bars in a row: with fewer than {@link DAYS}, a bar stands for several days, and shows the worst of them
 * @returns checks, front page and disk; without those of which nothing is known
 */
export function trendsOf(days: readonly Day[], width = DAYS): readonly Trend[] {
  const spans = spansOf(days, Math.ceil(days.length / width));
  const made = days.filter(({ rounds }) => rounds > 0);
  const pages = made.flatMap(({ page }) => page ?? []);
  const disks = made.flatMap(({ disk }) => disk ?? []);
  const [page, disk] = [pages.at(-1), disks.at(-1)];
  const slowest = Math.max(FULL_PAGE_MS, ...pages);
  const most = Math.max(1, ...disks.map(({ left }) => left));
  const well = made.filter(({ failed }) => failed === 0).length;
  return [
    {
      label: 'Checks',
      bars: barsOf(spans, ({ rounds, failed }) => (rounds === 0 ? undefined : 1 - failed / rounds)),
      words: `${well} of ${count(made.length, 'day')} without a failure`,
    },
    ...(page === undefined
      ? []
      : [
          {
            label: 'Front page',
            bars: barsOf(spans, (day) => (day.page === undefined ? undefined : day.page / slowest)),
            words: `${seconds(page)}, at most ${seconds(Math.max(...pages))}`,
          },
        ]),
    ...(disk === undefined
      ? []
      : [
          {
            label: 'Disk',
            bars: barsOf(spans, (day) => (day.disk === undefined ? undefined : day.disk.left / most)),
            words: `${gigabytes(disk.left)} left on ${disk.target}`,
          },
        ]),
  ];
}

/** @returns so many days together each, the worst of each: the newest span is whole, the oldest may be shorter */
function spansOf(days: readonly Day[], length: number): readonly Day[] {
  const spans: Day[] = [];
  for (let end = days.length; end > 0; end -= length) {
    const span = days.slice(Math.max(0, end - length), end);
    const pages = span.flatMap(({ page }) => page ?? []);
    const [disk] = span.flatMap((day) => day.disk ?? []).sort((a, b) => a.left - b.left);
    spans.unshift({
      day: span[0]?.day ?? '',
      rounds: span.reduce((sum, { rounds }) => sum + rounds, 0),
      failed: span.reduce((sum, { failed }) => sum + failed, 0),
      ...(pages.length === 0 ? {} : { page: Math.max(...pages) }),
      ...(disk === undefined ? {} : { disk }),
    });
  }
  return spans;
}

/** @param share from 0 to 1; `undefined`: not known */
function barsOf(days: readonly Day[], share: (day: Day) => number | undefined): string {
  return days
    .map((day) => {
      const part = share(day);
      // What is not whole is never drawn as if it were.
      return part === undefined ? NONE : BARS.charAt(Math.floor(part * (BARS.length - 1)));
    })
    .join('');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function gigabytes(megabytes: number): string {
  return `${(megabytes / 1024).toFixed(1)} GB`;
}
