import type { KeysBlock } from '../../src/wizard/view/block.ts';
import { keysLines } from '../../src/wizard/view/keys-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** Keys in a column, and beside each what it does. */
export function Keys({ block, size, looks }: BlockProps<KeysBlock>) {
  return <Rows lines={keysLines(block, size.columns)} columns={size.columns} looks={looks} />;
}
