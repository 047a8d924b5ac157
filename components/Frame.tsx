import { Box } from 'ink';
import { frameOf } from '../src/wizard/frame.ts';
import type { State } from '../src/wizard/state.ts';
import { LineView, type Looks } from './LineView.tsx';

export type { Looks } from './LineView.tsx';

/** One whole terminal: head, the screen's lines, foot. */
export function Frame({ state, looks }: { readonly state: State; readonly looks: Looks }) {
  const { columns, rows } = state.size;
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      {frameOf(state).map((line, index) => (
        <LineView key={index} line={line} looks={looks} />
      ))}
    </Box>
  );
}
