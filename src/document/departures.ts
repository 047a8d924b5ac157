import type { Departure } from '../engine/operation.ts';
import { departuresOf } from '../engine/run.ts';
import type { Section } from '../engine/section.ts';
import { operationsOf } from './operations.ts';
import { GENERATED } from './page.ts';

export interface FoundDeparture {
  readonly departure: Departure;
  /** The first section that has it. */
  readonly section: Section;
  /** Ids of all operations that have it. */
  readonly operations: readonly string[];
}

/** @returns each departure once, in the document's order */
export function departuresIn(sections: readonly Section[]): readonly FoundDeparture[] {
  const found = new Map<string, FoundDeparture>();
  for (const { section, operation } of operationsOf(sections)) {
    for (const departure of departuresOf(operation)) {
      const before = found.get(departure.id);
      found.set(departure.id, {
        departure: before?.departure ?? departure,
        section: before?.section ?? section,
        operations: [...(before?.operations ?? []), operation.id],
      });
    }
  }
  return [...found.values()];
}

/** @returns what is wrong with the departures in `steps/`, in words; nothing when all is well */
export function departureMistakes(sections: readonly Section[]): readonly string[] {
  const mistakes: string[] = [];
  const texts = new Map<string, string>();
  for (const { operation } of operationsOf(sections)) {
    for (const { id, document, instead, why } of departuresOf(operation)) {
      const text = JSON.stringify([document, instead, why]);
      if ((texts.get(id) ?? text) !== text) mistakes.push(`${operation.id}: ${id} is another departure's id`);
      texts.set(id, text);
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) mistakes.push(`${operation.id}: "${id}" is no id`);
      for (const [field, value] of Object.entries({ document, instead, why })) {
        if (value.trim() === '') mistakes.push(`${operation.id}: ${id} says nothing in "${field}"`);
      }
    }
  }
  return mistakes;
}

/** @returns `docs/departures.md` */
export function departuresPage(sections: readonly Section[]): string {
  const lines = [
    '# Departures from the document',
    '',
    GENERATED,
    '',
    'Each place where the product deliberately departs from the production document. A plan marks them with ≠;',
    '`studio-setup departures` lists them.',
  ];
  let heading = '';
  for (const { section, departure, operations } of departuresIn(sections)) {
    if (section.heading !== heading) lines.push('', `## ${section.heading}`);
    heading = section.heading;
    lines.push(
      '',
      `### ${departure.id}`,
      '',
      `- **The document:** ${departure.document}`,
      `- **Instead:** ${departure.instead}`,
      `- **Why:** ${departure.why}`,
      `- **Where:** ${operations.map((id) => `\`${id}\``).join(', ')}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
