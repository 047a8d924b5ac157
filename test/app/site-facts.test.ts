import { expect, test } from 'vitest';
import { siteFacts } from '../../src/app/site-facts.ts';
import { answersOf } from '../wizard/screens/frames.ts';

const domain = 'studio.example.org';

test('nothing before the domain is known', () => {
  expect(siteFacts(answersOf({}), [])).toEqual([]);
});

test('address, further and former names, administrator, and what stays off', () => {
  const answers = answersOf({
    domain,
    'extra-names': ['www.example.org'],
    'redirect-names': ['old.example.org'],
    'admin.username': 'ada',
  });
  const skipped = [{ id: 'geoip.database', what: 'GeoIP', consequence: 'x' }];
  expect(siteFacts(answers, skipped)).toEqual([
    { label: 'Address', value: 'https://studio.example.org/' },
    { label: 'Also at', value: 'www.example.org' },
    { label: 'Redirects', value: 'old.example.org' },
    { label: 'Administrator', value: 'ada' },
    { label: 'Not set up', value: 'GeoIP' },
  ]);
});

test('an administrator that was skipped is said with what that means; one that the site has is not asked for', () => {
  const skipped = [{ id: 'admin.username', what: 'First administrator', consequence: 'Nobody can log in.' }];
  expect(siteFacts(answersOf({ domain }), skipped).at(-1)).toEqual({
    label: 'Administrator',
    value: 'none. Nobody can log in.',
  });
  expect(siteFacts(answersOf({ domain }), []).at(-1)?.value).toBe('as on the site now');
});
