import type { SplitBlock } from '../../src/wizard/view/block.ts';
import { splitLines } from '../../src/wizard/view/layout.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** A list, a border, and beside it what the selected one is about. */
export function Split({ block, size, looks }: BlockProps<SplitBlock>) {
  return <Rows lines={splitLines(block, size)} columns={size.columns} looks={looks} />;
}
