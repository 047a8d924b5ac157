import type { ColumnsBlock } from '../../src/wizard/view/block.ts';
import { columnsLines } from '../../src/wizard/view/layout.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** Two blocks beside each other. */
export function Columns({ block, size, looks }: BlockProps<ColumnsBlock>) {
  return <Rows lines={columnsLines(block, size)} columns={size.columns} looks={looks} />;
}
