import { expect, test } from 'vitest';
import { servingFiles } from '../../../src/configs/nginx/served.ts';
import { descendants, directives, parseNginx } from '../../../src/configs/nginx/tree.ts';
import { SERVED_CASES } from './served-cases.ts';

/** Every location of a file that is one by its beginning, with its folder. */
function locationsOf(source: string): readonly string[] {
  return [...descendants(parseNginx(source))]
    .filter(({ name }) => name === 'location')
    .map(({ args, block }) => {
      const alias = directives(block?.nodes ?? [], 'alias')[0]?.args[0]?.text;
      return `${args.at(-1)?.text} ${alias ?? '-'}`;
    });
}

test.each(SERVED_CASES.map((each) => [each.name, each] as const))('%s', (_, { source, served, after }) => {
  const made = servingFiles(source, served);
  const others = ['/s/ -', '/ -'].filter((each) => locationsOf(source).includes(each));
  expect(locationsOf(made).filter((each) => !others.includes(each))).toEqual(
    after.filter((each) => !others.includes(each)),
  );
  // Done twice, it changes nothing; and what stood there stands there still, but for a folder that was another.
  expect(servingFiles(made, served)).toBe(made);
});

test('the sibling has all that the repository gives its own', () => {
  const made = servingFiles('location /a {\n    alias /srv/x;\n    expires 7d;\n}\n', [
    { url: '/b/', root: '/srv/x' },
  ]);
  expect(made).toBe(
    'location /a {\n    alias /srv/x;\n    expires 7d;\n}\n\nlocation /b {\n    alias /srv/x;\n    expires 7d;\n}\n',
  );
});
