import { Box, useIsScreenReaderEnabled } from 'ink';
import { framePartsOf, tooSmallLines } from '../src/wizard/shell/frame.ts';
import { screenReaderItems } from '../src/wizard/shell/screen-reader/frame.ts';
import type { WizardState } from '../src/wizard/state/state.ts';
import type { Looks } from './LineView.tsx';
import { Rows } from './Rows.tsx';
import { ScreenReader } from './ScreenReader.tsx';
import { ScreenView } from './ScreenView.tsx';

export type { Looks } from './LineView.tsx';

/** One whole terminal: head, the screen's blocks, foot. For a screen reader the same in words, with roles and states. */
export function Frame({ state, looks }: { readonly state: WizardState; readonly looks: Looks }) {
  const speaks = useIsScreenReaderEnabled();
  if (speaks) return <ScreenReader said={screenReaderItems(state)} />;
  const { columns, rows } = state.size;
  const parts = framePartsOf(state);
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {parts === undefined ? (
        <Rows lines={tooSmallLines(state.size)} columns={columns} looks={looks} />
      ) : (
        <>
          <Rows lines={parts.head} columns={columns} looks={looks} />
          <ScreenView view={parts.view} size={parts.body} looks={looks} />
          <Rows lines={parts.foot} columns={columns} looks={looks} />
        </>
      )}
    </Box>
  );
}
