import { Box } from 'ink';
import { cutLine, type Line } from '../src/wizard/kit/line.ts';
import { LineView, type Looks } from './LineView.tsx';

interface Props {
  readonly lines: readonly Line[];
  readonly columns: number;
  readonly looks: Looks;
}

/** Lines below each other, none wider than its columns; what is too tall for its place is cut, not squeezed. */
export function Rows({ lines, columns, looks }: Props) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {lines.map((line, index) => (
        <LineView key={index} line={cutLine(line, columns)} looks={looks} />
      ))}
    </Box>
  );
}
