import { Text, type TextProps } from 'ink';
import { memo } from 'react';
import { linkTo } from '../src/output/hyperlink.ts';
import { asciiOf } from '../src/wizard/kit/glyphs.ts';
import type { Line, Tone } from '../src/wizard/kit/line.ts';

/** What the terminal can show. */
export interface Looks {
  readonly color: boolean;
  readonly unicode: boolean;
  /** Whether an address that stands alone is a link (OSC 8). */
  readonly links?: boolean;
}

type Style = Pick<TextProps, 'bold' | 'dimColor' | 'inverse' | 'color'>;

/** Of the 16 colours only those that can be read on black and on white; the marks tell the same without any. */
const STYLES: Readonly<Record<Tone, Style>> = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  good: { color: 'green' },
  bad: { color: 'red', bold: true },
  warn: { color: 'magenta' },
  accent: { color: 'cyan' },
  selected: { inverse: true },
};

interface Props {
  readonly line: Line;
  readonly looks: Looks;
}

/** One row of the terminal. A row that stays the same is not drawn again. */
export const LineView = memo(
  function LineView({ line, looks }: Props) {
    const spans = line.filter(({ text }) => text !== '');
    if (spans.length === 0) return <Text> </Text>;
    return (
      <Text wrap="truncate">
        {spans.map(({ text, tone }, index) => (
          <Text key={index} {...styleOf(tone, looks)}>
            {shownText(text, looks)}
          </Text>
        ))}
      </Text>
    );
  },
  (before, after) => before.looks === after.looks && same(before.line, after.line),
);

/** An address is cut by no painter: what is linked is what stands there. */
function shownText(text: string, { unicode, links }: Looks): string {
  const shown = unicode ? text : asciiOf(text);
  return links === true && /^https:\/\/[\w.:/-]+$/.test(shown) ? linkTo(shown) : shown;
}

function styleOf(tone: Tone, looks: Looks): Style {
  const { color, ...rest } = STYLES[tone];
  return looks.color && color !== undefined ? { ...rest, color } : rest;
}

function same(one: Line, other: Line): boolean {
  return (
    one.length === other.length &&
    one.every((span, index) => span.text === other[index]?.text && span.tone === other[index]?.tone)
  );
}
