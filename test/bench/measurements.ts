import type { GrowthFigures } from './growth-figures.ts';
import type { LinkFigures } from './link.ts';
import type { Results } from './results.ts';

/** What one command measured, when and on what. */
export interface Measurement<Part> {
  /** `2026-01-31`. */
  readonly day: string;
  /** About the machine, one a line. */
  readonly facts: readonly string[];
  readonly figures: Part;
}

/** Parts of the page, each measured when it is, and kept while another one is measured again. */
export interface Figures {
  readonly bench: Results;
  readonly link: LinkFigures;
  readonly growth: GrowthFigures;
}

export type Measurements = { readonly [Part in keyof Figures]?: Measurement<Figures[Part]> };
