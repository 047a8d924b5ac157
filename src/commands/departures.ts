import { exampleAnswers } from '../answers/example.ts';
import type { Departure } from '../engine/operation.ts';
import { departuresOf } from '../engine/run.ts';
import type { Section } from '../engine/section.ts';
import { writeRecord } from '../front/json.ts';
import { print, styled } from '../front/print.ts';
import { wrap } from '../front/wrap.ts';
import type { Product } from '../product.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Options } from './options.ts';

interface Found {
  readonly section: Section;
  readonly departure: Departure;
}

/** Lists where the product knowingly does other than the document, made from the operations themselves. */
export async function departuresCommand(
  product: Product,
  options: Options,
  markdown: boolean,
): Promise<ExitCode> {
  const found = departuresIn(await product.sections());
  if (options.json) {
    for (const { section, departure } of found)
      writeRecord({ type: 'departure', ...{ section: section.id, ...departure } });
  } else if (markdown) print(departuresPage(found));
  else {
    for (const { section, departure } of found) {
      print(
        `≠ ${styled('bold', departure.id)}  ${section.title}`,
        ...wrap(departure.document, { first: '  The document: ', rest: '    ' }),
        ...wrap(departure.instead, { first: '  Instead: ', rest: '    ' }),
        ...wrap(departure.why, { first: '  Why: ', rest: '    ' }),
        '',
      );
    }
  }
  return EXIT.asWanted;
}

/** @returns each departure once, in the document's order */
function departuresIn(sections: readonly Section[]): readonly Found[] {
  const answers = exampleAnswers(sections);
  const found = new Map<string, Found>();
  for (const section of sections) {
    for (const operation of section.operations(answers)) {
      for (const departure of departuresOf(operation)) {
        if (!found.has(departure.id)) found.set(departure.id, { section, departure });
      }
    }
  }
  return [...found.values()];
}

/** @returns `docs/departures.md` */
function departuresPage(found: readonly Found[]): string {
  const lines = [
    '# Departures from the document',
    '',
    'Made by `studio-setup departures --markdown`: edit the steps instead.',
  ];
  let heading = '';
  for (const { section, departure } of found) {
    if (section.heading !== heading) lines.push('', `## ${section.heading}`);
    heading = section.heading;
    lines.push(
      '',
      `### ${departure.id}`,
      '',
      `- **The document:** ${departure.document}`,
      `- **Instead:** ${departure.instead}`,
      `- **Why:** ${departure.why}`,
    );
  }
  return lines.join('\n');
}
