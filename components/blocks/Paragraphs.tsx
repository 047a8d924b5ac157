import type { TextBlock } from '../../src/wizard/view/block.ts';
import { textRows } from '../../src/wizard/view/text-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** Sentences, wrapped; where they may be cut the last row says where the rest is. */
export function Paragraphs({ block, size, looks }: BlockProps<TextBlock>) {
  return <Rows lines={textRows(block, size)} columns={size.columns} looks={looks} />;
}
