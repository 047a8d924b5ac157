import { clean } from '../output/clean.ts';
import { count, duration } from '../output/duration.ts';
import type { WatchEvent } from './state.ts';

/** What is told at once: several events may come together. */
export interface Message {
  /** `studio.example.org: Disk fails` */
  readonly title: string;
  readonly text: string;
  readonly site: string;
  readonly events: readonly WatchEvent[];
}

/** @param site the name of the site, or of the server where none is known */
export function messageOf(site: string, events: readonly WatchEvent[]): Message {
  const title = `${site}: ${titleOf(events)}`;
  return { title, text: [title, '', ...events.flatMap(linesOf)].join('\n').trimEnd(), site, events };
}

/** @returns the same for a try: it says that nothing is wrong */
export function testMessage(site: string): Message {
  const title = `${site}: test message`;
  const text = `${title}\n\nstudio-setup sent this to show that its messages arrive. Nothing is wrong.`;
  return { title, text, site, events: [] };
}

function titleOf(events: readonly WatchEvent[]): string {
  const [first] = events;
  if (first !== undefined && events.length === 1) return `${clean(first.title)} ${WORDS[first.kind]}`;
  const failing = events.filter(({ kind }) => kind !== 'well').length;
  const well = events.length - failing;
  return [
    ...(failing === 0 ? [] : [`${count(failing, 'check')} ${failing === 1 ? 'fails' : 'fail'}`]),
    ...(well === 0 ? [] : [`${count(well, 'check')} well again`]),
  ].join(', ');
}

const WORDS = { failing: 'fails', well: 'is well again', unsteady: 'comes and goes' } as const;

function linesOf({ title, kind, said, remedy, lasted }: WatchEvent): readonly string[] {
  const after = lasted === undefined ? '' : ` after ${duration(lasted)}`;
  return [
    clean(`${title} ${WORDS[kind]}${after}. ${said}`),
    ...(remedy === undefined || kind === 'well' ? [] : [clean(`What to do: ${remedy}`)]),
    ...(kind === 'unsteady'
      ? ['Nothing more is told of it until it stays well, or failed, for two hours.']
      : []),
    '',
  ];
}
