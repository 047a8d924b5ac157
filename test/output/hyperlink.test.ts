import { expect, it } from 'vitest';
import { takesLinks } from '../../src/output/hyperlink.ts';

it.each<[string, Readonly<Record<string, string>>, boolean]>([
  ['VTE (GNOME Terminal)', { TERM: 'xterm-256color', VTE_VERSION: '6800' }, true],
  ['VTE of before links', { TERM: 'xterm-256color', VTE_VERSION: '4999' }, false],
  ['Konsole', { TERM: 'xterm-256color', KONSOLE_VERSION: '220401' }, true],
  ['iTerm2', { TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, true],
  ['Windows Terminal', { TERM: 'xterm-256color', WT_SESSION: '1' }, true],
  ['kitty over SSH', { TERM: 'xterm-kitty' }, true],
  ['foot over SSH', { TERM: 'foot' }, true],
  ['what does not say', { TERM: 'xterm-256color' }, false],
  ['the console of Linux', { TERM: 'linux' }, false],
  ["Apple's Terminal", { TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }, false],
])('a link on %s', (_, env, takes) => {
  expect(takesLinks(env, true, false)).toBe(takes);
  expect(takesLinks(env, false, false)).toBe(false);
  expect(takesLinks(env, true, true)).toBe(false);
});
