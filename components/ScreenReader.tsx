import { Box, Text } from 'ink';
import { memo } from 'react';
import type { ScreenReaderItem } from '../src/wizard/shell/screen-reader/item.ts';

/** What Ink writes for a screen reader: `role: (state) text`, one line for each. */
export const ScreenReader = memo(function ScreenReader({
  said,
}: {
  readonly said: readonly ScreenReaderItem[];
}) {
  return (
    <Box flexDirection="column">
      {said.map((each, index) => (
        <Item key={index} {...each} />
      ))}
    </Box>
  );
});

function Item({ text, role, states = [], items = [] }: ScreenReaderItem) {
  return (
    <Box
      flexDirection="column"
      {...(role === undefined ? {} : { 'aria-role': role })}
      aria-state={Object.fromEntries(states.map((state) => [state, true]))}
    >
      <Text>{text}</Text>
      {items.map((item, index) => (
        <Item key={index} {...item} />
      ))}
    </Box>
  );
}
