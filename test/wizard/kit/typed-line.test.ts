import { describe, expect, it } from 'vitest';
import { typedLine } from '../../../src/wizard/kit/typed-line.ts';
import { cells, characters } from '../../../src/wizard/kit/width.ts';
import { HOSTILE } from '../states.ts';

describe('a text with the cursor in it', () => {
  it.each([12, 40])('fits %i columns, and the cursor stands on a whole character', (columns) => {
    for (const text of HOSTILE.filter((each) => !/[\u0000-\u001f]/.test(each))) {
      const all = characters(text).slice(0, 60);
      for (let at = 0; at <= all.length; at += 1) {
        const line = typedLine({ before: all.slice(0, at).join(''), after: all.slice(at).join('') }, columns);
        expect(line.reduce((sum, span) => sum + cells(span.text), 0)).toBeLessThanOrEqual(columns);
        expect(line.find(({ tone }) => tone === 'selected')?.text).toBe(all[at] ?? ' ');
      }
    }
  });
});
