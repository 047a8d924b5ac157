import { expect, it } from 'vitest';
import section from '../../steps/working-directory.ts';

const validate = section.questions.find(({ id }) => id === 'repository.url')?.validate;

it.each([
  'git@git.example.org:site.git',
  'https://git.example.org/site.git',
  'ssh://git@git.example.org:22/site.git',
  'https://git.example.org/a@b/site.git',
  '/srv/site.git',
])('%s is taken', (url) => {
  expect(validate?.(url)).toBeUndefined();
});

it.each([
  'https://someone:word-of-nobody@git.example.org/site.git',
  'https://word-of-nobody@git.example.org/site.git',
  'ssh://git:word-of-nobody@git.example.org/site.git',
])('a login in the address is refused, and not said again: %s', (url) => {
  const said = validate?.(url);
  expect(said).toContain('/var/www/.netrc');
  expect(said).not.toContain('word-of-nobody');
});

it.each(['--upload-pack=x', 'git.example.org', "https://git.example.org/'"])('%s is no address', (url) => {
  expect(validate?.(url)).toContain('Enter an address of the form');
});
