import type { Section } from '../engine/section.ts';
import { count } from '../output/duration.ts';
import { styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { effectsOf } from './effects.ts';
import { counted, type PlanEntry } from './plan-view.ts';

const SIGNS = { create: '+', update: '~', run: '▸', later: '▸' } as const;

/** @returns the lines of a plan, section by section; those that are up to date are not listed */
export function planText(
  entries: readonly PlanEntry[],
  sections: readonly Section[],
  show: { readonly diff: boolean },
): readonly string[] {
  const lines: string[] = [];
  for (const section of sections) {
    const own = entries.filter((entry) => entry.section === section.id);
    if (own.length === 0) continue;
    lines.push('', `${styled('bold', section.title)}  ${styled('dim', counted(own))}`);
    for (const entry of own) lines.push(...entryText(entry, show));
  }
  return lines;
}

/** @returns `41 changes in 9 sections, 3 departures from the document (≠)` */
export function planSummary(entries: readonly PlanEntry[]): string {
  const sections = new Set(entries.map(({ section }) => section)).size;
  const departures = new Set(entries.flatMap((entry) => entry.departures)).size;
  const tail = departures === 0 ? '' : `, ${count(departures, 'departure')} from the document (≠)`;
  return `${counted(entries)} in ${count(sections, 'section')}${tail}`;
}

/** @returns the same with what becomes of services, as lines */
export function planClosing(entries: readonly PlanEntry[]): readonly string[] {
  return wrap([`${planSummary(entries)}.`, ...effectsOf(entries)].join('\n'));
}

function entryText(entry: PlanEntry, show: { readonly diff: boolean }): string[] {
  const mark = entry.departures.length > 0 ? '  ≠' : '';
  const after = entry.after === undefined ? '' : `  (${entry.after})`;
  const lines = wrap(`${entry.summary}${after}${mark}`, {
    first: `  ${SIGNS[entry.kind]} `,
    rest: '    ',
  });
  if (show.diff && entry.diff !== undefined) lines.push(...diffText(entry.diff));
  return lines;
}

/** @returns a unified diff's hunks, indented and coloured; the signs alone tell it without colour */
function diffText(diff: string): string[] {
  return diff
    .split('\n')
    .filter((line) => line !== '' && !/^(---|\+\+\+|Index:|===)/.test(line))
    .map((line) => {
      const text = `      ${line}`;
      if (line.startsWith('+')) return styled('green', text);
      return line.startsWith('-') ? styled('red', text) : styled('dim', text);
    });
}
