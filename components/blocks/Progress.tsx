import type { ProgressBlock } from '../../src/wizard/view/block.ts';
import { progressLine } from '../../src/wizard/view/tree-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** A bar, how much of it is done, how long it takes from now on, and how much went wrong. */
export function Progress({ block, size, looks }: BlockProps<ProgressBlock>) {
  return <Rows lines={[progressLine(block, size.columns)]} columns={size.columns} looks={looks} />;
}
