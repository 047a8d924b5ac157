import { ruleLine } from '../../src/wizard/view/layout.ts';
import { Rows } from '../Rows.tsx';
import type { BlockProps } from './props.ts';

/** A line from edge to edge. */
export function Rule({ size, looks }: Pick<BlockProps<never>, 'size' | 'looks'>) {
  return <Rows lines={[ruleLine(size.columns)]} columns={size.columns} looks={looks} />;
}
