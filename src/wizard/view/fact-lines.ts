import { type Line, span } from '../kit/line.ts';
import { fit, wrapText } from '../kit/width.ts';
import type { FactsBlock } from './block.ts';

/** The labels in a column of their own; no value is cut. */
export function factLines({ facts, labels }: FactsBlock, columns: number): readonly Line[] {
  return facts.flatMap(({ label, value }) =>
    wrapText(value, columns - labels).map((each, row) => [
      span(fit(row === 0 ? label : '', labels), 'dim'),
      span(each),
    ]),
  );
}
