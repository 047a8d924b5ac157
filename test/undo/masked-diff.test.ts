import { expect, it } from 'vitest';
import { maskedDiff } from '../../src/undo/masked-diff.ts';

it.each([
  ['Environment=MEILI_MASTER_KEY=old-word', 'Environment=MEILI_MASTER_KEY=••••'],
  [
    'ExecStart=/usr/bin/meilisearch --master-key old-word',
    'ExecStart=/usr/bin/meilisearch --master-key ••••',
  ],
  ['proxy_set_header X-Auth-Token "old-word";', 'proxy_set_header X-Auth-Token ••••'],
  ["    'PASSWORD': 'old-word',", "    'PASSWORD': ••••"],
  ['listen 443 ssl;', 'listen 443 ssl;'],
])('%s', (line, shown) => {
  expect(maskedDiff('/etc/conf', `${line}\n`, '', false)).toContain(`\n-${shown}`);
});

it('of a file that holds secrets every value is masked, and what is no assignment too', () => {
  const diff = maskedDiff('/etc/conf', "A = 'old'\nDEBUG = True\nMIIEpAIBAAKCAQEA\n", "A = 'old'\n", true);
  expect(diff.split('\n').slice(-2)).toEqual(['-DEBUG = ••••', '-••••']);
});
