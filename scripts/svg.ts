/** Pictures of terminals: from what one shows, escape sequences and all, to SVG. */

const CELL = { width: 8.4, height: 18 } as const;
const MARGIN = 14;
const COLORS: Readonly<Record<number, string>> = {
  31: '#f07178',
  32: '#9ece6a',
  35: '#c792ea',
  36: '#7dcfff',
};
const PAPER = '#16181d';
const INK = '#d5d8de';

interface Style {
  readonly color: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
}

const PLAIN: Style = { color: INK, bold: false, dim: false, inverse: false };

/**
 * @param screen a terminal's lines with SGR sequences
 * @param columns of the terminal
 */
export function svgOf(screen: string, columns: number): string {
  return paper(columns, linesOf(screen).length, drawn(screen));
}

/**
 * @param screens what one terminal showed, one after the other
 * @param seconds how long each is seen; the last one five times as long, then it begins again
 * @returns a picture that moves without a script; for who wants no motion it is the last screen
 */
export function movingSvgOf(screens: readonly string[], columns: number, seconds: number): string {
  const slots = screens.length + 4;
  const rows = Math.max(...screens.map((screen) => linesOf(screen).length));
  const last = screens.length - 1;
  const share = (count: number) => ((100 * count) / slots).toFixed(3);
  const style = [
    `g{visibility:hidden;animation:shown ${(slots * seconds).toFixed(1)}s step-end infinite}`,
    `@keyframes shown{0%{visibility:visible}${share(1)}%{visibility:hidden}}`,
    `#end{animation-name:end}@keyframes end{0%{visibility:visible}${share(5)}%{visibility:hidden}}`,
    '@media(prefers-reduced-motion){g{animation:none}#end{visibility:visible}}',
  ].join('');
  const frames = screens.map((screen, index) => {
    const id = index === last ? ' id="end"' : '';
    return `<g${id} style="animation-delay:${(index * seconds).toFixed(1)}s">${drawn(screen)}</g>`;
  });
  return paper(columns, rows, `<style>${style}</style>${frames.join('\n')}`);
}

function linesOf(screen: string): readonly string[] {
  return screen.replace(/\n$/, '').split('\n');
}

function paper(columns: number, lines: number, inside: string): string {
  const width = Math.round(columns * CELL.width + 2 * MARGIN);
  const height = lines * CELL.height + 2 * MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14"><rect width="100%" height="100%" rx="8" fill="${PAPER}"/>${inside}</svg>\n`;
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
    ? `<rect x="${x.toFixed(1)}" y="${(y - 13.5).toFixed(1)}" width="${width.toFixed(1)}" height="${CELL.height}" fill="${style.color}"/>`
    : '';
  if (text.trim() === '') return box;
  const fill = style.inverse ? PAPER : style.color;
  const attributes = `${style.bold ? ' font-weight="bold"' : ''}${style.dim ? ' opacity="0.6"' : ''}`;
  // Every piece has its exact width, whatever font the reader has.
  return `${box}<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="${fill}"${attributes} textLength="${width.toFixed(1)}" xml:space="preserve">${escaped(text)}</text>`;
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
    else if (code === 39) style = { ...style, color: INK };
    else style = { ...style, color: COLORS[code] ?? style.color };
  }
  return style;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
