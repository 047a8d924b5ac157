import { describe, expect, it } from 'vitest';
import { likelySecretsIn, withoutLikelySecrets } from '../../src/output/secret-patterns.ts';

// Put together here, so that no scanner takes one for a real secret.
const WORD = ['correct', 'horse', 'battery'].join('-');
const HEX = 'c0ffee'.repeat(8);
const BASE64 = `${'aB3+xY9/'.repeat(6)}Q=`;
const UUID = ['1b9d6bcd', 'bbfd', '4b2d', '9b5d', 'ab8dfbbd4bed'].join('-');
const MIXED = 'Zx9'.repeat(11);
const HEADER = (kind: string, end = 'BEGIN') => `-----${end} ${kind}PRIVATE KEY-----`;

/** Where it stands → the secret that must not be left. */
const MASKED: readonly (readonly [string, string, string])[] = [
  ['a setting of Python', `EMAIL_HOST_PASSWORD = '${WORD}'`, WORD],
  ['a key of a dict', `'OAUTH_SECRET': b'${WORD}',`, WORD],
  ['an annotated one with a quote in it', `SECRET_KEY = "${WORD}\\"more"`, WORD],
  ['an environment file', `MEILI_MASTER_KEY=${WORD}`, WORD],
  ['Environment= of a unit', `Environment="SMTP_PASSWORD=${WORD}" OTHER=1`, WORD],
  ['JSON', `{"token":"${WORD}","user":"ada"}`, WORD],
  ['a parameter of a URL', `GET /hook?id=7&access_token=${WORD} HTTP/1.1`, WORD],
  ['an ini file', `smtp_pass = ${WORD}`, WORD],
  ['YAML', `master-key: ${WORD}`, WORD],
  ['a URL with a login', `postgres://studio:${WORD}@localhost:5432/studio`, WORD],
  ['a URL whose password has an @', `postgres://studio:${WORD}@x@localhost/studio`, WORD],
  ['a URL with a token alone', `https://${WORD}@git.example.org/studio.git`, WORD],
  ['a header', `Authorization: Bearer ${WORD}`, WORD],
  ['a header of nginx', `proxy_set_header Authorization "Basic ${WORD}";`, WORD],
  ["Meilisearch's header", `proxy_set_header X-Meili-API-Key ${WORD};`, WORD],
  ['a cookie', `Cookie: sessionid=${WORD}; csrftoken=other`, WORD],
  ['a secure link', `secure_link_md5 "$secure_link_expires$uri ${WORD}";`, WORD],
  ['an option', `meilisearch --master-key ${WORD} --env production`, WORD],
  ['an option with =', `meilisearch --master-key=${WORD}`, WORD],
  ['SQL', `STATEMENT:  ALTER ROLE studio PASSWORD '${WORD}'`, WORD],
  ['netrc', `machine git.example.org login ada password ${WORD}`, WORD],
  ['a hash of htpasswd', 'ada:$apr1$Zx9Zx9$notArealHashAtAll', 'notArealHashAtAll'],
  ['a hash of Django', 'pbkdf2_sha256$260000$salt$notArealHashAtAll=', 'notArealHashAtAll'],
  ['a hash of PostgreSQL', 'SCRAM-SHA-256$4096:salt$stored:server', 'stored'],
  ['a bare hexadecimal key', `invalid key ${HEX}`, HEX],
  ['a bare base64 key', `got ${BASE64} instead`, BASE64],
  ['a bare key', `invalid key ${MIXED}.`, MIXED],
  ['a heartbeat', `GET https://hc.example.org/ping/${UUID}`, UUID],
  ['a heartbeat of another form', `GET https://hc.example.org/${UUID}/fail`, UUID],
  ['a webhook', `POST https://chat.example.org/api/webhooks/12/${WORD}`, WORD],
  ['a private key', `${HEADER('RSA ')}\n${WORD}\n${HEADER('RSA ', 'END')}`, WORD],
  [
    'a private key in a journal',
    `Nov 29 a: ${HEADER('')}\nNov 29 a: ${WORD}\nNov 29 a: ${HEADER('', 'END')}`,
    WORD,
  ],
  ['a private key in one line', `key ${HEADER('EC ')}\\n${WORD}\\n${HEADER('EC ', 'END')}`, WORD],
  ['a private key that is cut off', `${HEADER('OPENSSH ')}\n${WORD}\n`, WORD],
];

describe('what looks like a secret is masked', () => {
  it.each(MASKED)('%s', (_, text, secret) => {
    const masked = withoutLikelySecrets(text);
    expect(masked).not.toContain(secret);
    expect(masked).toContain('••••');
  });
});

/** What somebody who is to help must still be able to read. */
const LEFT = [
  'Nov 29 14:30:05 web1 systemd[1]: Started studio-process-deletion-requests.service - x.',
  'proxy_pass http://127.0.0.1:7700; uwsgi_pass studio;',
  'ssl_certificate_key /etc/letsencrypt/live/studio.example.org/privkey.pem;',
  '/var/www/venv/lib/python3.11/site-packages/django/core/handlers/exception.py',
  'cryptography-3.4.7 python3-certbot-nginx 2.1.0-2 x86_64-linux-gnu libpq5:amd64 15.8-0+deb12u1',
  'FATAL:  password authentication failed for user "studio"',
  'Meilisearch: the master key is in its own file.',
  'KeyringMode=private',
  'LoadCredential=\nNext=here',
  "SECRET_KEY = ''",
  'password: None',
  'MEILI_MASTER_KEY=$KEY',
  'Sessions: 3 sessions; see https://docs.example.org/keys/ and admin@example.org',
  '4b2d9f1 2026-11-29T14:30:05+00:00 (HEAD -> production, origin/production)',
];

it.each(LEFT)('is left as it is: %s', (text) => {
  expect(withoutLikelySecrets(text)).toBe(text);
});

it('takes no time for a line that somebody made to take long', () => {
  const lines = [
    'a.'.repeat(2000),
    'x-'.repeat(2000),
    '--a-'.repeat(1000),
    'a1'.repeat(2000),
    'password '.repeat(400),
  ];
  const started = performance.now();
  withoutLikelySecrets(Array.from({ length: 20 }, () => lines.join('\n')).join('\n'));
  expect(performance.now() - started).toBeLessThan(2000);
});

it('finds the values in files that hold secrets, without their quotes', () => {
  expect(
    likelySecretsIn(`A_TOKEN = 'first'\nB_KEY=second\nC = 'no'\nD_SECRET = b"third"\nE_PASSWORD = None`),
  ).toEqual(['first', 'second', 'third']);
  expect(likelySecretsIn('https://ada:fourth@git.example.org\nmachine x login y password fifth')).toEqual([
    'fourth',
    'fifth',
  ]);
});
