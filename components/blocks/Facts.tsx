import type { FactsBlock } from '../../src/wizard/view/block.ts';
import { factLines } from '../../src/wizard/view/fact-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** What is known of something: labels, and the values below each other. */
export function Facts({ block, size, looks }: BlockProps<FactsBlock>) {
  return <Rows lines={factLines(block, size.columns)} columns={size.columns} looks={looks} />;
}
