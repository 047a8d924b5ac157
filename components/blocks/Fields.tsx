import type { FieldsBlock } from '../../src/wizard/view/block.ts';
import { fieldsLines } from '../../src/wizard/view/list-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** A few answers, each in one row; the focused one with what is typed in it. */
export function Fields({ block, size, looks }: BlockProps<FieldsBlock>) {
  return <Rows lines={fieldsLines(block, size)} columns={size.columns} looks={looks} />;
}
