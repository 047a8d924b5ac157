import type { OutlineBlock } from '../../src/wizard/view/block.ts';
import { outlineLines } from '../../src/wizard/view/outline-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** Things that open and close, around the selected row. */
export function Outline({ block, size, looks }: BlockProps<OutlineBlock>) {
  return <Rows lines={outlineLines(block, size)} columns={size.columns} looks={looks} />;
}
