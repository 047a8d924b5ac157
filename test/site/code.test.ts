import { expect, test } from 'vitest';
import { newestCode, newestOf } from '../../src/site/code.ts';
import { SETTINGS } from '../../src/site/layout.ts';
import { given } from '../host/given.ts';

const NOW = 1_800_000_000_000;
const www = '/var/www/blender-studio';

test.each([
  {
    what: 'the newest',
    lines: [`100.5 ${www}/a.py`, `200.25 ${www}/b.py`, `150.0 ${www}/c.html`],
    is: `${www}/b.py`,
  },
  { what: 'not settings.py', lines: [`100.0 ${www}/a.py`, `200.0 ${SETTINGS}`], is: `${www}/a.py` },
  {
    what: 'nothing from the future',
    lines: [`100.0 ${www}/a.py`, `1800000000.5 ${www}/b.py`],
    is: `${www}/a.py`,
  },
  { what: 'a name with blanks', lines: [`100.0 ${www}/a b.py`], is: `${www}/a b.py` },
  { what: 'none', lines: [], is: undefined },
  {
    what: 'none in words of find',
    lines: ["find: '/var/www/x': Permission denied", '1e99 /x'],
    is: undefined,
  },
])('$what', ({ lines, is }) => {
  expect(newestOf(lines.map((line) => `${line}\n`).join(''), NOW)).toBe(is);
});

test('code and packages are one question', async () => {
  const host = given({
    programs: {
      [`find ${www}`]: `100.0 ${www}/a.py\n`,
      'find /var/www/venv/lib': '200.0 /var/www/venv/lib/python3.11/site-packages/Django-3.2.25.dist-info\n',
    },
  });
  expect(await newestCode(host)).toMatch(/Django-3\.2\.25\.dist-info$/);
  expect(await newestCode(given({}))).toBeUndefined();
});
