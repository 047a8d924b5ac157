import { Box } from 'ink';

/** An empty row. */
export function Gap() {
  return <Box height={1} flexShrink={0} />;
}
