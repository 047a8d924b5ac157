import type { TailBlock } from '../../src/wizard/view/block.ts';
import { tailLines } from '../../src/wizard/view/tree-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** The last lines of an output, always as many rows. */
export function Tail({ block, size, looks }: BlockProps<TailBlock>) {
  return <Rows lines={tailLines(block, size)} columns={size.columns} looks={looks} />;
}
