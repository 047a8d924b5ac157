import type { Size } from '../../src/wizard/kit/line.ts';
import type { Block } from '../../src/wizard/view/block.ts';
import type { Looks } from '../LineView.tsx';

/** What draws a kind of block is given. */
export interface BlockProps<Kind extends Block> {
  readonly block: Kind;
  /** Columns and rows that it may take. */
  readonly size: Size;
  readonly looks: Looks;
}
