import type { TreeBlock } from '../../src/wizard/view/block.ts';
import { treeLines } from '../../src/wizard/view/tree-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** Things, and what is in them; as tall as its place whatever it has. */
export function Tree({ block, size, looks }: BlockProps<TreeBlock>) {
  return <Rows lines={treeLines(block, size)} columns={size.columns} looks={looks} />;
}
