import type { NoticeBlock } from '../../src/wizard/view/block.ts';
import { noticeLines } from '../../src/wizard/view/text-lines.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** What has to be read before all else. */
export function Notice({ block, size, looks }: BlockProps<NoticeBlock>) {
  return <Rows lines={noticeLines(block, size.columns)} columns={size.columns} looks={looks} />;
}
