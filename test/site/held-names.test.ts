import { describe, expect, test } from 'vitest';
import { HOSTS, namesHeld, withHeld, withoutHeld } from '../../src/site/held-names.ts';
import { given } from '../host/given.ts';

const NAMES = ['studio.example.org', 'www.studio.example.org'];
const MARK = '# until DNS points here: studio-setup move finish';
const HELD = `127.0.0.1 ${NAMES.join(' ')} ${MARK}\n::1 ${NAMES.join(' ')} ${MARK}\n`;

describe("the operator's /etc/hosts", () => {
  test.each([
    ['as Debian has it', '127.0.0.1 localhost\n::1 localhost ip6-localhost\n'],
    ['with comments, tabs and blank lines', '# mine\n\n127.0.0.1\tlocalhost # here\n\n10.0.0.7 db\n'],
    ['without its last newline', '127.0.0.1 localhost'],
    ['empty', ''],
  ])('%s: names are added at its end, and taken out again', (_, text) => {
    const held = withHeld(text, NAMES);
    expect(held.endsWith(HELD)).toBe(true);
    expect(held.startsWith(text)).toBe(true);
    expect(withHeld(held, NAMES)).toBe(held);
    expect(withoutHeld(held).trimEnd()).toBe(text.trimEnd());
    expect(withoutHeld(text)).toBe(text);
  });

  test('other names take the place of those that were held', () => {
    expect(withHeld(withHeld('127.0.0.1 localhost\n', ['old.example.org']), NAMES)).toBe(
      `127.0.0.1 localhost\n${HELD}`,
    );
  });

  test('what the operator wrote for the same names is not taken for it', async () => {
    const own = `127.0.0.1 ${NAMES[0]}\n`;
    expect(withoutHeld(own)).toBe(own);
    expect(await namesHeld(given({ files: { [HOSTS]: own } }))).toBe(false);
    expect(await namesHeld(given({ files: { [HOSTS]: withHeld(own, NAMES) } }))).toBe(true);
    expect(await namesHeld(given({}))).toBe(false);
  });
});
