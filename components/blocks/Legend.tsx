import type { LegendBlock } from '../../src/wizard/view/block.ts';
import { legendLines } from '../../src/wizard/view/keys-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** What marks mean, as many in a row as fit. */
export function Legend({ block, size, looks }: BlockProps<LegendBlock>) {
  return <Rows lines={legendLines(block, size.columns)} columns={size.columns} looks={looks} />;
}
