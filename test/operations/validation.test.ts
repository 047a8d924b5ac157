import { expect, test } from 'vitest';
import { explain } from '../../src/operations/certificate.ts';

// As certbot prints a failed challenge (certbot/_internal/auth_handler.py, _generate_failed_chall_msg).
const failed = (type: string, detail: string) =>
  `Certbot failed to authenticate some domains (authenticator: webroot). The Certificate Authority reported these problems:\n  Domain: studio.example.org\n  Type:   ${type}\n  Detail: ${detail}\n`;

test.each([
  {
    what: 'a CAA record',
    output: failed('caa', 'CAA record for studio.example.org prevents issuance'),
    says: /^A CAA record in DNS forbids this certificate authority: CAA record for studio\.example\.org prevents issuance.*0 issue "letsencrypt\.org"/,
  },
  {
    what: 'ufw or nftables closing port 80',
    output: failed('connection', '192.0.2.10: Fetching http://studio.example.org/…: Timeout during connect'),
    says: /could not reach this server: 192\.0\.2\.10: Fetching.*Open port 80 in every firewall/,
  },
  {
    what: 'a name that leads to another host',
    output: failed('unauthorized', '203.0.113.9: Invalid response: 404'),
    says: /validation failed: 203\.0\.113\.9: Invalid response: 404.*A and AAAA records/,
  },
])('$what', ({ output, says }) => {
  const found = explain({ code: 1, stdout: output, stderr: '' });
  expect(`${found?.what} ${found?.remedy}`).toMatch(says);
});

test('what is not known is not explained', () => {
  expect(explain({ code: 1, stdout: 'An unexpected error occurred:\n', stderr: '' })).toBeUndefined();
});
