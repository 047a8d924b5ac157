import type { ListBlock } from '../../src/wizard/view/block.ts';
import { listLines } from '../../src/wizard/view/list-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** Things of which one is selected: a window around it. */
export function List({ block, size, looks }: BlockProps<ListBlock>) {
  return <Rows lines={listLines(block, size)} columns={size.columns} looks={looks} />;
}
