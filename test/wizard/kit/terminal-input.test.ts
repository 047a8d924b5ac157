import { describe, expect, it } from 'vitest';
import { HELP, TerminalInput } from '../../../src/wizard/kit/terminal-input.ts';

const ESC = '\u001b';

/** What terminals send without a key; each is dropped, or kept whole for Ink, which drops it. */
const REPLIES: readonly (readonly [string, string])[] = [
  ['APC: kitty graphics', `${ESC}_Gi=31;OK${ESC}\\`],
  ['APC with ESC inside of nothing else', `${ESC}_q${ESC}\\`],
  ['OSC 11, ended by BEL', `${ESC}]11;rgb:0000/0000/0000\u0007`],
  ['OSC 52, ended by ST', `${ESC}]52;c;cXVpdA==${ESC}\\`],
  ['DCS: XTGETTCAP', `${ESC}P1+r5463=30${ESC}\\`],
  ['DCS: XTVERSION', `${ESC}P>|tmux 3.3a${ESC}\\`],
  ['DCS: DECRQSS', `${ESC}P1$r0 q${ESC}\\`],
  ['PM', `${ESC}^quit${ESC}\\`],
  ['SOS', `${ESC}Xquit${ESC}\\`],
  ['a string that CAN cuts off', `${ESC}_qqq\u0018`],
  ['APC of eight bits', '\u009fGi=31;OK\u009c'],
  ['OSC of eight bits', '\u009d10;rgb:ffff/ffff/ffff\u009c'],
  ['an old-style mouse', `${ESC}[M qq`],
];

const KEPT: readonly (readonly [string, string])[] = [
  ['cursor position', `${ESC}[24;80R`],
  ['device attributes', `${ESC}[?62;22c`],
  ['a mode', `${ESC}[?2026;2$y`],
  ['focus', `${ESC}[I`],
  ['a mouse', `${ESC}[<0;12;7M`],
  ['up', `${ESC}[A`],
  ['up, of the keypad', `${ESC}OA`],
  ['Delete', `${ESC}[3~`],
  ['Shift-Delete of rxvt', `${ESC}[3$`],
  ['F2 of the console', `${ESC}[[B`],
];

/** Pieces of a text at one place, at another, and one character at a time. */
function split(text: string): readonly (readonly string[])[] {
  const cuts = Array.from({ length: text.length - 1 }, (_, at) => [
    text.slice(0, at + 1),
    text.slice(at + 1),
  ]);
  return [[text], ...cuts, [...text]];
}

function read(pieces: readonly string[]): readonly string[] {
  const input = new TerminalInput();
  return pieces.map((piece) => input.push(piece));
}

describe('what a terminal says by itself', () => {
  it.each(REPLIES)('%s is not typed, however it is split', (_, reply) => {
    for (const pieces of split(`a${reply}b`))
      expect(read(pieces).join(''), JSON.stringify(pieces)).toBe('ab');
  });

  it.each(KEPT)('%s comes in one piece, however it is split', (_, sequence) => {
    for (const pieces of split(sequence))
      expect(
        read(pieces).filter((each) => each !== ''),
        JSON.stringify(pieces),
      ).toEqual([sequence]);
  });

  it('two of them in a row, and a key behind them', () => {
    const all = REPLIES.map(([, reply]) => reply).join('');
    for (const pieces of split(`${all}x`)) expect(read(pieces).join('')).toBe('x');
  });

  it.each([
    ['a new sequence', `${ESC}_abc${ESC}[A`, `${ESC}[A`],
    ['Ctrl-C', `${ESC}_abc\u0003`, '\u0003'],
    ['Enter', `${ESC}Pabc\r`, '\r'],
  ])('%s ends a string that has no end', (_, text, typed) => {
    for (const pieces of split(text)) expect(read(pieces).join('')).toBe(typed);
  });
});

describe('what a person types', () => {
  it.each([
    ['text', 'studio.example.org'],
    ['what is not ASCII', 'Ä👩‍👩‍👧‍👦é'],
    ['Ctrl', '\u0003\u0015\r\t\u007f'],
    ['Alt with a letter', `${ESC}q`],
    ['Esc twice', `${ESC}${ESC}q`],
    ['a paste with such a string in it', `${ESC}[200~x${ESC}_y${ESC}\\z${ESC}[201~`],
  ])('%s is left as it is', (_, text) => {
    for (const pieces of split(text)) expect(read(pieces).join(''), JSON.stringify(pieces)).toBe(text);
  });

  it.each([`${ESC}OP`, `${ESC}[11~`, `${ESC}[[A`, `${ESC}[P`])('F1 as %j asks for help', (text) => {
    for (const pieces of split(text)) expect(read(pieces).join('')).toBe(HELP);
  });
});

describe('what does not go on', () => {
  const after = (text: string) => {
    const input = new TerminalInput();
    expect(input.push(text)).toBe('');
    return [input.patience, input.giveUp(), input.push('q')];
  };

  it('a lone ESC is the key, soon', () => expect(after(ESC)).toEqual([25, ESC, 'q']));
  it('the beginning of a string is Alt with a key, and means nothing', () =>
    expect(after(`${ESC}P`)).toEqual([500, '', 'q']));
  it('a reply is waited for, and then dropped', () => expect(after(`${ESC}P>|x`)).toEqual([5000, '', 'q']));
  it('nothing of a paste is lost', () => expect(after(`${ESC}[200~`.slice(0, 4))).toEqual([5000, '', 'q']));
  it('the end of a paste that is none', () => {
    const input = new TerminalInput();
    input.push(`${ESC}[200~abc${ESC}`);
    expect(input.giveUp()).toBe(ESC);
  });
});
