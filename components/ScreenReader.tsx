import { Box, Text } from 'ink';
import { memo } from 'react';
import type { Said } from '../src/wizard/shell/screen-reader/item.ts';

/** What Ink writes for a screen reader: `role: (state) text`, one line for each. */
export const Spoken = memo(function Spoken({ said }: { readonly said: readonly Said[] }) {
  return (
    <Box flexDirection="column">
      {said.map((each, index) => (
        <SpokenItem key={index} {...each} />
      ))}
    </Box>
  );
});

function SpokenItem({ text, role, states = [], items = [] }: Said) {
  return (
    <Box
      flexDirection="column"
      {...(role === undefined ? {} : { 'aria-role': role })}
      aria-state={Object.fromEntries(states.map((state) => [state, true]))}
    >
      <Text>{text}</Text>
      {items.map((item, index) => (
        <SpokenItem key={index} {...item} />
      ))}
    </Box>
  );
}
