import { inWords } from '../../../output/in-words.ts';

const SPINNER = /^[\u2800-\u28ff] +/;

/** Names of keys that are drawn as signs; many screen readers leave signs out. */
const KEYS: Readonly<Record<string, string>> = {
  '↑': 'Up',
  '↓': 'Down',
  '←': 'Left',
  '→': 'Right',
  '?': 'question mark',
  '/': 'slash',
  '!': 'exclamation mark',
  '*': 'star',
};

/** @returns a line of a screen as it should be said: columns as a list of words, each mark as a word */
export function inScreenReaderWords(text: string): string {
  const trimmed = text.trim().replace(/^·( |$)/, '');
  const more = /^([↑↓]) (\d+ more)$/.exec(trimmed);
  if (more) return `${more[2]} ${more[1] === '↑' ? 'above' : 'below'}`;
  return inWords(trimmed.replace(SPINNER, 'Working: ').replace(/^\$ /, 'Command: '))
    .replaceAll(' · ', '; ')
    .replaceAll(/ ?…/g, '')
    .replaceAll(/ {2,}/g, ', ')
    .replace(/^Not done: Not (done|set up): /, 'Not $1: ')
    .replaceAll(/[✓✗○●▸█░]+ */g, '')
    .trim();
}

/** @returns the name of a key, or of several, as written in a hint */
export function keyWords(keys: string): string {
  return keys
    .split(/ +/)
    .map((key) => KEYS[key] ?? key)
    .join(' or ');
}
