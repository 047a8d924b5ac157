import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { servingFiles } from '../../src/configs/nginx/served.ts';
import { studioVhost } from '../../src/configs/nginx/vhost.ts';
import { parseSettings, type SettingsFile } from '../../src/python/settings-file.ts';
import { pythonBytes, pythonExpression } from '../../src/python/value.ts';
import { type ProgramName, programSource } from '../../src/script/programs.ts';
import { ACME_WEBROOT } from '../../src/site/layout.ts';
import { SERVED_CASES } from '../configs/nginx/served-cases.ts';
import { VARIANTS } from '../python/variants.ts';

const names = ['films.example.org', 'www.example.org'];
const answers = new Answers()
  .with('domain', 'films.example.org', 'file')
  .with('extra-names', ['www.example.org'], 'file');

function python(name: ProgramName, input: string, args: readonly string[] = []): string {
  const argv = ['-I', '-c', programSource(name, answers), ...args];
  return execFileSync('/usr/bin/python3', argv, { input, encoding: 'utf8' });
}

describe('the vhost program makes what the product makes of', () => {
  const fixtures = join(import.meta.dirname, '../configs/fixtures/nginx');
  const site = join(import.meta.dirname, '../rehearsal/site/deploy/var/www/config/nginx_studio.conf');
  const files = [...readdirSync(fixtures).map((name) => join(fixtures, name)), site];

  test.each(files)('%s', (file) => {
    const source = readFileSync(file, 'utf8');
    const [domain = '', ...extraNames] = names;
    const wanted = studioVhost(source, { domain, extraNames, webroot: ACME_WEBROOT, tlsOptions: 'certbot' });
    expect(python('vhost', source, names)).toBe(wanted);
  });
});

test.each(['/var/www', '/var/www/blender-studio'])(
  'the program for static files hands out no folder that holds the settings: %s',
  (root) => {
    const source = 'location / {\n    uwsgi_pass studio;\n}\n';
    expect(python('served', source, ['/static/', root])).toBe(source);
    expect(python('served', source, ['/static/', `${root}-static`])).toContain(`alias ${root}-static;`);
  },
);

describe('the program for static files makes what the product makes of', () => {
  test.each(SERVED_CASES.map((each) => [each.name, each] as const))('%s', (_, { source, served }) => {
    const args = served.flatMap(({ url, root }) => [url, root]);
    expect(python('served', source, args)).toBe(servingFiles(source, served));
  });
});

describe('the settings program', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-program-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const pem = `-----BEGIN PRIVATE KEY-----\nmade-up\n-----END PRIVATE KEY-----\n`;
  const fields: readonly (readonly [where: string, kind: string, path: string, value: string])[] = [
    ['always', 'text', 'SECRET_KEY', 'made-up \'"\\ é \u200b'],
    ['always', 'code', 'DEBUG', 'False'],
    ['always', 'list', 'ALLOWED_HOSTS', names.join('\n')],
    ['always', 'text', 'DATABASES default PASSWORD', 'made-up-password'],
    ['there', 'text', 'BLENDER_ID WEBHOOK_USER_MODIFIED_SECRET', 'made-up-hook'],
    ['there', 'code', 'GATEWAYS braintree environment', 'braintree.Environment.Production'],
    ['there', 'text', 'GATEWAYS braintree merchant_account_ids USD', 'dollars'],
    ['there', 'text', 'GOOGLE_RECAPTCHA_SITE_KEY', 'site'],
    ['there', 'bytes', 'AWS_CLOUDFRONT_KEY', pem],
    ['literal', 'text', 'MAILGUN_API_KEY', 'made-up-mail'],
    ['literal', 'text', 'ANYMAIL MAILGUN_API_KEY', 'made-up-mail'],
    ['always', 'text', 'MEILISEARCH_PUBLIC_KEY', 'public'],
    ['always', 'text', 'MEILISEARCH_PRIVATE_KEY', 'private'],
  ];

  function run(source: string, given = fields): string {
    const [own, example] = [join(folder, 'settings.py'), join(folder, 'settings.example.py')];
    writeFileSync(example, source);
    rmSync(own, { force: true });
    const input = given
      .flat()
      .map((field) => `${field}\0`)
      .join('');
    python('settings', input, [own, example]);
    const first = readFileSync(own, 'utf8');
    // A second time it changes nothing, and closes the file where it stands open.
    python('settings', input, [own, example]);
    expect(readFileSync(own, 'utf8')).toBe(first);
    expect(statSync(own).mode & 0o777).toBe(0o640);
    return first;
  }

  function wanted(source: string): string {
    let file: SettingsFile = parseSettings(source)
      .commentOut(['os.environ', 'OAUTHLIB_INSECURE_TRANSPORT'])
      .removeFromList(['INSTALLED_APPS'], 'sslserver');
    for (const [where, kind, joined, value] of fields) {
      const path = joined.split(' ');
      const current = file.get(path);
      if (where !== 'always' && current === undefined) continue;
      if (where === 'literal' && typeof current === 'object') continue;
      if (kind === 'text') file = file.set(path, value);
      else if (kind === 'list') file = file.set(path, value.split('\n'));
      else if (kind === 'bytes') file = file.set(path, pythonBytes(value));
      else file = file.set(path, value === 'False' ? false : pythonExpression(value));
    }
    return file.source;
  }

  const site = readFileSync(
    join(import.meta.dirname, '../rehearsal/site/studio/settings.example.py'),
    'utf8',
  );

  test('makes what the product makes of the site', () => {
    expect(run(site)).toBe(wanted(site));
  });

  test.each(VARIANTS.map(({ name, source }) => [name, source] as const))(
    'makes what the product makes of %s',
    (_, source) => {
      expect(run(source)).toBe(wanted(source));
    },
  );
});
