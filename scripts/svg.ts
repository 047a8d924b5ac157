/** Pictures of terminals: from what one shows, escape sequences and all, to SVG. */

const CELL = { width: 8.4, height: 18 } as const;
const MARGIN = 14;
/** By class, the colors on a dark ground and on a light one: whoever reads the page chose which. Each is at least 4.5 : 1 on its paper. */
const COLORS = {
  paper: ['#16181d', '#fbfbfa'],
  ink: ['#d5d8de', '#24292f'],
  red: ['#f07178', '#b42318'],
  green: ['#9ece6a', '#276b2a'],
  magenta: ['#c792ea', '#8b3fb0'],
  cyan: ['#7dcfff', '#0b6080'],
} as const;
type Color = keyof typeof COLORS;
/** Of the codes that set a color. */
const BY_CODE: Readonly<Record<number, Color>> = {
  31: 'red',
  32: 'green',
  35: 'magenta',
  36: 'cyan',
  39: 'ink',
};

interface Style {
  readonly color: Color;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
}

const PLAIN: Style = { color: 'ink', bold: false, dim: false, inverse: false };

/**
 * @param screen a terminal's lines with SGR sequences
 * @param columns of the terminal
 */
export function svgOf(screen: string, columns: number): string {
  return paper(columns, linesOf(screen).length, drawn(screen));
}

/** What a terminal showed, and for how long it is to be seen. */
export interface Shown {
  readonly screen: string;
  readonly seconds: number;
}

/**
 * @param shown what one terminal showed, one after the other; after the last it begins again
 * @returns a picture that moves without a script; for who wants no motion it is the last screen
 */
export function movingSvgOf(shown: readonly Shown[], columns: number): string {
  const all = shown.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = Math.max(...shown.map(({ screen }) => linesOf(screen).length));
  const lengths = [...new Set(shown.map(({ seconds }) => seconds))];
  const nameOf = (seconds: number) => `for${lengths.indexOf(seconds)}`;
  const style = [
    `g{visibility:hidden;animation-duration:${all.toFixed(1)}s;animation-timing-function:step-end;animation-iteration-count:infinite}`,
    ...lengths.map((seconds) => {
      const share = ((100 * seconds) / all).toFixed(3);
      return `@keyframes ${nameOf(seconds)}{0%{visibility:visible}${share}%{visibility:hidden}}`;
    }),
    '@media(prefers-reduced-motion){g{animation:none!important}#end{visibility:visible}}',
  ].join('');
  let begins = 0;
  const frames = shown.map(({ screen, seconds }, index) => {
    const id = index === shown.length - 1 ? ' id="end"' : '';
    const look = `animation-name:${nameOf(seconds)};animation-delay:${begins.toFixed(1)}s`;
    begins += seconds;
    return `<g${id} style="${look}">${drawn(screen)}</g>`;
  });
  return paper(columns, rows, `<style>${style}</style>${frames.join('\n')}`);
}

function linesOf(screen: string): readonly string[] {
  return screen.replace(/\n$/, '').split('\n');
}

function paper(columns: number, lines: number, inside: string): string {
  const width = Math.round(columns * CELL.width + 2 * MARGIN);
  const height = lines * CELL.height + 2 * MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14"><style>${colors(0)}@media(prefers-color-scheme:light){${colors(1)}}</style><rect width="100%" height="100%" rx="8" class="paper"/>${inside}</svg>\n`;
}

function colors(ground: 0 | 1): string {
  return Object.entries(COLORS)
    .map(([name, values]) => `.${name}{fill:${values[ground]}}`)
    .join('');
}

function drawn(screen: string): string {
  let style = PLAIN;
  const rows = linesOf(screen).map((line, row) => {
    const y = MARGIN + (row + 0.75) * CELL.height;
    let column = 0;
    const pieces: string[] = [];
    for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
      const codes = /^\u001b\[([\d;]*)m$/.exec(part);
      if (codes) style = styled(style, (codes[1] ?? '').split(';').map(Number));
      else if (part !== '') {
        pieces.push(piece(part, column, y, style));
        column += part.length;
      }
    }
    return pieces.join('');
  });
  return rows.join('\n');
}

function piece(text: string, column: number, y: number, style: Style): string {
  const x = MARGIN + column * CELL.width;
  const width = text.length * CELL.width;
  const box = style.inverse
    ? `<rect x="${x.toFixed(1)}" y="${(y - 13.5).toFixed(1)}" width="${width.toFixed(1)}" height="${CELL.height}" class="${style.color}"/>`
    : '';
  if (text.trim() === '') return box;
  const color = style.inverse ? 'paper' : style.color;
  const attributes = `${style.bold ? ' font-weight="bold"' : ''}${style.dim ? ' opacity="0.6"' : ''}`;
  // Every piece has its exact width, whatever font the reader has.
  return `${box}<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" class="${color}"${attributes} textLength="${width.toFixed(1)}" xml:space="preserve">${escaped(text)}</text>`;
}

function styled(before: Style, codes: readonly number[]): Style {
  let style = before;
  for (const code of codes) {
    if (code === 0) style = PLAIN;
    else if (code === 1) style = { ...style, bold: true };
    else if (code === 2) style = { ...style, dim: true };
    else if (code === 7) style = { ...style, inverse: true };
    else if (code === 22) style = { ...style, bold: false, dim: false };
    else if (code === 27) style = { ...style, inverse: false };
    else style = { ...style, color: BY_CODE[code] ?? style.color };
  }
  return style;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
