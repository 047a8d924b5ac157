import { Box, useIsScreenReaderEnabled } from 'ink';
import { frameOf } from '../src/wizard/shell/frame.ts';
import { screenReaderItems } from '../src/wizard/shell/screen-reader/frame.ts';
import type { WizardState } from '../src/wizard/state/state.ts';
import { LineView, type Looks } from './LineView.tsx';
import { ScreenReader } from './ScreenReader.tsx';

export type { Looks } from './LineView.tsx';

/** One whole terminal: head, the screen's lines, foot. For a screen reader the same in words, with roles and states. */
export function Frame({ state, looks }: { readonly state: WizardState; readonly looks: Looks }) {
  const speaks = useIsScreenReaderEnabled();
  if (speaks) return <ScreenReader said={screenReaderItems(state)} />;
  const { columns, rows } = state.size;
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {frameOf(state).map((line, index) => (
        <LineView key={index} line={line} looks={looks} />
      ))}
    </Box>
  );
}
