import { departuresOf } from '../engine/run.ts';
import type { Section } from '../engine/section.ts';
import { departuresIn } from './departures.ts';
import { type Instruction, instructions } from './instructions.ts';
import { operationsOf, type Placed } from './operations.ts';
import { code, GENERATED, table } from './page.ts';

export interface Coverage {
  readonly instruction: Instruction;
  /** What carries it out. */
  readonly by: readonly Placed[];
}

/** @returns for each instruction, in the document's order, what carries it out */
export function coverageOf(
  sections: readonly Section[],
  all: readonly Instruction[] = instructions,
): readonly Coverage[] {
  const operations = operationsOf(sections);
  return all.map((instruction) => ({
    instruction,
    by: operations.filter(({ operation }) => operation.covers?.includes(instruction.id)),
  }));
}

/**
 * Compares the document's instructions with the operations.
 * @returns what does not match, in words; nothing when each instruction has its operation and the other way round
 */
export function coverageMistakes(
  sections: readonly Section[],
  all: readonly Instruction[] = instructions,
): readonly string[] {
  const mistakes: string[] = [];
  const ids = all.map(({ id }) => id);
  const departures = departuresIn(sections);
  const named = new Set(all.flatMap((instruction) => instruction.departures ?? []));

  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index)))
    mistakes.push(`${id} is the id of two instructions`);
  for (const { instruction, by } of coverageOf(sections, all))
    if (by.length === 0) mistakes.push(`${instruction.id}: no operation covers it`);
  for (const { operation } of operationsOf(sections))
    for (const id of operation.covers ?? [])
      if (!ids.includes(id)) mistakes.push(`${operation.id} covers ${id}, which is no instruction`);
  for (const id of named)
    if (!departures.some(({ departure }) => departure.id === id))
      mistakes.push(`${id} is named by an instruction, and no operation departs so`);
  for (const { departure } of departures)
    if (!named.has(departure.id) && !isAddition(departure.document))
      mistakes.push(`departure ${departure.id} is named by no instruction`);
  return mistakes;
}

/** What the product does that no instruction asks for. */
function isAddition(document: string): boolean {
  return document.startsWith('no word on ');
}

/** @returns `docs/coverage.md` */
export function coveragePage(sections: readonly Section[]): string {
  const lines = [
    '# From the document to the operations',
    '',
    GENERATED,
    '',
    'Every instruction of the production document, in its order, and what carries it out. ≠ marks what is done',
    'differently: [departures.md](departures.md) says how and why. An instruction to check something counts as',
    'carried out where the operation reads the same state on each run.',
  ];
  let heading = '';
  let rows: string[][] = [];
  const flush = () => {
    if (rows.length > 0)
      lines.push('', `## ${heading}`, '', ...table(['Instruction', 'Section', 'Operations', '≠'], rows));
    rows = [];
  };
  for (const { instruction, by } of coverageOf(sections)) {
    if (instruction.heading !== heading) flush();
    heading = instruction.heading;
    rows.push([
      `${instruction.text} (${code(instruction.id)})`,
      [...new Set(by.map(({ section }) => section.title))].join(', '),
      idsOf(by),
      (instruction.departures ?? []).map((id) => `[${id}](departures.md#${id})`).join(' '),
    ]);
  }
  flush();
  lines.push('', ...beyond(sections));
  return `${lines.join('\n')}\n`;
}

/** @returns the operations' ids, with what many of them have in common said once: `section/`: `one` `two` */
function idsOf(placed: readonly Placed[]): string {
  const sections = new Map<string, string[]>();
  for (const { operation } of placed) {
    const [section = '', ...name] = operation.id.split('/');
    sections.set(section, [...(sections.get(section) ?? []), name.join('/')]);
  }
  return [...sections]
    .map(([section, names]) =>
      names.length === 1
        ? code(`${section}/${names[0]}`)
        : `${code(`${section}/`)}: ${names.map(code).join(' ')}`,
    )
    .join(', ');
}

/** What is done beyond the document is said too: it changes the host as well. */
function beyond(sections: readonly Section[]): readonly string[] {
  const rows = operationsOf(sections)
    .filter(({ operation }) => (operation.covers ?? []).length === 0)
    .map(({ section, operation }) => [
      operation.title,
      section.title,
      code(operation.id),
      departuresOf(operation)
        .map(({ id }) => `[${id}](departures.md#${id})`)
        .join(' '),
    ]);
  return [
    '## Beyond the document',
    '',
    'Operations that no instruction asks for: checks before the first change, and what the document assumes.',
    '',
    ...table(['What', 'Section', 'Operation', '≠'], rows),
  ];
}
