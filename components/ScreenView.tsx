import { Box } from 'ink';
import type { Size } from '../src/wizard/kit/line.ts';
import type { View } from '../src/wizard/view/block.ts';
import { place, scrolledLines } from '../src/wizard/view/layout.ts';
import { BlockView } from './BlockView.tsx';
import type { Looks } from './LineView.tsx';
import { Rows } from './Rows.tsx';

interface Props {
  readonly view: View;
  readonly size: Size;
  readonly looks: Looks;
}

/** What a screen shows: its blocks below each other, each in the rows that it was given; or the part of a long text. */
export function ScreenView({ view, size, looks }: Props) {
  return (
    <Box flexDirection="column" height={size.rows} paddingLeft={1} overflow="hidden" flexShrink={0}>
      {view.scroll === undefined ? (
        place(view, size).map((placed, index) => <BlockView key={index} {...placed} looks={looks} />)
      ) : (
        <Rows lines={scrolledLines(view, size)} columns={size.columns} looks={looks} />
      )}
    </Box>
  );
}
