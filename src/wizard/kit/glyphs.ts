import { cells, characters } from './width.ts';

/** @returns whether the locale that programs would use is UTF-8; over ssh to a bare server it often is not set */
export function unicodeLocale(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale);
}

/**
 * What stands for it where only ASCII can be drawn; as wide as the original, so that no column moves. Marks mean one thing each:
 * none stands for two of those that begin a line, and none is one that is ASCII by itself (`+` new, `~` changed, `!` a warning).
 */
export const ASCII: Readonly<Record<string, string>> = {
  '✓': '*',
  '✗': 'x',
  '○': 'o',
  '●': '@',
  // What is run: a command, as before the commands themselves.
  '▸': '$',
  '≠': '%',
  '›': '>',
  '·': '-',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '→': '>',
  '…': '.',
  '•': '#',
  '▁': '1',
  '▂': '2',
  '▃': '3',
  '▄': '4',
  '▅': '5',
  '▆': '6',
  '▇': '7',
  '█': '=',
  '░': '-',
  '─': '-',
  '│': '|',
  '├': '|',
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
};

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const ASCII_SPINNER = ['-', '\\', '|', '/'] as const;
const SPIN_MS = 120;

/** @param now milliseconds since the epoch */
export function spinner(now: number): string {
  return SPINNER[Math.floor(now / SPIN_MS) % SPINNER.length] ?? SPINNER[0];
}

/** @returns the text in ASCII, with the same width */
export function asciiOf(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return characters(text)
    .map((character) => {
      if (/^[\x20-\x7e]$/.test(character)) return character;
      const spin = SPINNER.indexOf(character as (typeof SPINNER)[number]);
      if (spin >= 0) return ASCII_SPINNER[spin % ASCII_SPINNER.length];
      return ASCII[character] ?? '?'.repeat(cells(character));
    })
    .join('');
}
