import type { LogBlock } from '../../src/wizard/view/block.ts';
import { logLines } from '../../src/wizard/view/log-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** A page of an output, and where in it that is. */
export function Log({ block, size, looks }: BlockProps<LogBlock>) {
  return <Rows lines={logLines(block, size)} columns={size.columns} looks={looks} />;
}
