import { outputMode } from './output-mode.ts';
import { wrap } from './wrap.ts';

/** What is known of one thing, below others of its kind: `Address`, `https://studio.example.org`. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** @returns columns of the labels of facts that stand below each other, with the gap behind them */
export function labelColumns(facts: readonly Fact[]): number {
  return Math.max(0, ...facts.map(({ label }) => label.length)) + 2;
}

/** @returns printed lines, the values below each other; for a screen reader as sentences */
export function factLines(facts: readonly Fact[]): readonly string[] {
  if (outputMode.words) return facts.map(({ label, value }) => `${label}: ${value}`);
  const columns = labelColumns(facts);
  return facts.flatMap(({ label, value }) =>
    wrap(value, { first: label.padEnd(columns), rest: ' '.repeat(columns) }),
  );
}
