import type { EntryBlock } from '../../src/wizard/view/block.ts';
import { entryLines } from '../../src/wizard/view/text-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** How one thing stands, and what is said of it: beside it, or below where that does not fit. */
export function Entry({ block, size, looks }: BlockProps<EntryBlock>) {
  return <Rows lines={entryLines(block, size.columns)} columns={size.columns} looks={looks} />;
}
