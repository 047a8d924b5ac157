import { stripVTControlCharacters } from 'node:util';

/** What a mark at the beginning of a line says. */
const MARKS: Readonly<Record<string, string>> = {
  '✓': 'Done:',
  '✗': 'Failed:',
  '○': 'Not done:',
  '●': 'Drifted or edited by hand:',
  '…': 'Working:',
  '!': 'Note:',
  '?': 'Question:',
  '▸': 'Would run:',
  '+': 'New:',
  '~': 'Changed:',
};
/** Bars of a trend; the words of it follow. */
const BARS = / +[▁-▇·]{3,} */g;
const MARKED = /^(\s*)([✓✗○●…!?▸+~]) +/;

/** @returns a printed text as a screen reader should say it: no colours, no marks, no ruled lines, no dots for secrets */
export function inWords(text: string): string {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) =>
      line
        .replace(MARKED, (_, indent: string, mark: string) => `${indent}${MARKS[mark]} `)
        .replaceAll(BARS, ': ')
        .replaceAll(' › ', ', ')
        .replace(' (≠)', '')
        .replaceAll('≠', '(other than the document says)')
        .replace(/•{2,}/g, '(hidden)')
        .replace(/[─│├└]+/g, ''),
    )
    .join('\n');
}
