/**
 * What in a transcript moves the cursor or takes back what was printed. Allowed are text, line ends (a return right before a
 * newline, which the terminal itself adds) and colours (`ESC [ … m`); all else is not.
 * @returns each offence with what follows it; empty: nothing moves
 */
export function moving(raw: string): readonly string[] {
  const plain = raw.replaceAll(/\x1b\[[\d;]*m/g, '').replaceAll(/\r+\n/g, '\n');
  return plain.match(/[\x00-\x08\x0b-\x1f\x7f-\x9f][^\n]{0,20}/g) ?? [];
}
