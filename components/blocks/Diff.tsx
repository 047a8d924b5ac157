import type { DiffBlock } from '../../src/wizard/view/block.ts';
import { diffLines } from '../../src/wizard/view/text-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** A difference: what is added, what is removed, and what stands around it. */
export function Diff({ block, size, looks }: BlockProps<DiffBlock>) {
  return <Rows lines={diffLines(block, size.columns)} columns={size.columns} looks={looks} />;
}
