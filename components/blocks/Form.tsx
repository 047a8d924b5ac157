import type { FormBlock } from '../../src/wizard/view/block.ts';
import { formLines } from '../../src/wizard/view/form-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** The answers of a section, and below them what the focused one is about. */
export function Form({ block, size, looks }: BlockProps<FormBlock>) {
  return <Rows lines={formLines(block, size)} columns={size.columns} looks={looks} />;
}
