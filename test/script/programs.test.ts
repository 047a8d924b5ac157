import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { servingFiles } from '../../src/configs/nginx/served.ts';
import { studioVhost } from '../../src/configs/nginx/vhost.ts';
import { Secret } from '../../src/output/secret.ts';
import { parseSettings, type SettingsFile } from '../../src/python/settings-file.ts';
import { pythonBytes, pythonExpression } from '../../src/python/value.ts';
import { type ProgramName, programSource } from '../../src/script/programs.ts';
import { chooseCertificate, type Lineage } from '../../src/site/certificate.ts';
import { MAILGUN_BACKEND, withIntegrations } from '../../src/site/integrations.ts';
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
    expect(python('vhost', source, [domain, ...names])).toBe(wanted);
    const certificateName = `${domain}-0001`;
    expect(python('vhost', source, [certificateName, ...names])).toBe(
      studioVhost(source, {
        domain,
        extraNames,
        certificateName,
        webroot: ACME_WEBROOT,
        tlsOptions: 'certbot',
      }),
    );
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

/** The end of a day that is not over for anybody: the program asks the clock. */
const days = (count: number) => Date.now() + count * 86_400_000;

describe('the program for the certificate chooses what the product chooses of', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lineages-'));
    mkdirSync(join(root, 'renewal'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Made by OpenSSL itself, which can also date one back. */
  function made({ name, names: of, expires, managed }: Lineage): void {
    const folder = join(root, 'live', name);
    mkdirSync(folder, { recursive: true });
    const [key, request, extensions] = ['privkey.pem', 'request', 'extensions'].map((each) =>
      join(folder, each),
    );
    const openssl = (...argv: readonly string[]) => execFileSync('openssl', argv, { stdio: 'ignore' });
    writeFileSync(extensions ?? '', `subjectAltName=${of.map((each) => `DNS:${each}`).join(',')}\n`);
    const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=x'];
    openssl('req', ...fresh, '-keyout', key ?? '', '-out', request ?? '');
    const ends = ['-days', String(Math.round((expires - Date.now()) / 86_400_000))];
    const out = ['-out', join(folder, 'fullchain.pem')];
    openssl(
      'x509',
      '-req',
      '-in',
      request ?? '',
      '-signkey',
      key ?? '',
      '-extfile',
      extensions ?? '',
      ...ends,
      ...out,
    );
    if (managed) writeFileSync(join(root, 'renewal', `${name}.conf`), '');
  }

  const [domain = ''] = names;
  const lineage = (name: string, of: readonly string[], more: Partial<Lineage> = {}): Lineage => ({
    ...{ name, names: of, serial: '', expires: days(60), managed: true },
    ...more,
  });
  test.each([
    ['none', []],
    ['its own', [lineage(domain, names)]],
    ['its own that has ended', [lineage(domain, names, { expires: days(-1) })]],
    ['its own that lacks a name', [lineage(domain, [domain])]],
    ['one for others too, which lacks a name', [lineage(domain, [domain, 'shop.example.org'])]],
    [
      'its own beside one for others',
      [lineage(domain, [domain, 'shop.example.org']), lineage(`${domain}-0001`, names)],
    ],
    ['one that certbot does not renew', [lineage(domain, names, { managed: false })]],
    ['a wildcard', [lineage('example.org', ['example.org', '*.example.org'])]],
    [
      'two that cover all, of which one ends later',
      [lineage('a.example.org', names, { expires: days(10) }), lineage('b.example.org', names)],
    ],
    ["somebody else's", [lineage('shop.example.org', ['shop.example.org'])]],
  ] satisfies [string, Lineage[]][])('%s', (_, all) => {
    for (const each of all) made(each);
    const source = programSource('certificate', answers).replace('/etc/letsencrypt', root);
    const said = execFileSync('/usr/bin/python3', ['-I', '-c', source, ...names], { encoding: 'utf8' });
    const { name, installed, missing } = chooseCertificate(all, names, Date.now());
    const wanted = [name, installed?.name ?? '', missing === undefined ? '' : 'missing', ''];
    expect(said.split('\n')).toEqual(wanted);
  });
});

describe('the settings program', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-program-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const pem = `-----BEGIN PRIVATE KEY-----\nmade-up\n-----END PRIVATE KEY-----\n`;
  const production: readonly (readonly [where: string, kind: string, path: string, value: string])[] = [
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

  function run(source: string, given = production, installed?: string): string {
    const [own, example] = [join(folder, 'settings.py'), join(folder, 'settings.example.py')];
    writeFileSync(example, source);
    rmSync(own, { force: true });
    if (installed !== undefined) writeFileSync(own, installed, { mode: 0o640 });
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
    for (const [where, kind, joined, value] of production) {
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

  test.each([
    ['none', ''],
    ['the console', "EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'\n"],
    ['one that somebody chose', "EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'\n"],
    ['one that is computed', "EMAIL_BACKEND = os.environ['BACKEND']\n"],
  ])('sets the backend of e-mail as the product does, where there is %s', (_, backend) => {
    const given = new Answers().with('mailgun.api-key', new Secret('made-up-mail'), 'file');
    for (const anymail of ["ANYMAIL = {'MAILGUN_API_KEY': 'CHANGE_ME'}\n", '']) {
      const source = `import os\n${anymail}${backend}`;
      const fields: typeof production = [
        ['literal', 'text', 'ANYMAIL MAILGUN_API_KEY', 'made-up-mail'],
        ['mailgun', 'text', 'EMAIL_BACKEND', MAILGUN_BACKEND],
      ];
      expect(run(source, fields)).toBe(withIntegrations(parseSettings(source), given).source);
    }
  });

  test.each([
    ['none of it', "from studio.settings_common import *\nBLENDER_ID = {'OAUTH_CLIENT': 'CHANGE_ME'}\n"],
    ['another name of it', "MAILGUN_API_KEY = 'CHANGE_ME'\nBLENDER_ID = {'OAUTH_CLIENT': 'own'}\n"],
    ['all of it', ''],
  ])(
    'adds what was given to a settings.py that is older than the checkout, as the product does: %s',
    (_, own) => {
      const common = "EMAIL_BACKEND = 'x'\nGOOGLE_ANALYTICS_TRACKING_ID = ''\n";
      const values = {
        'analytics.tracking-id': 'made-up-tracking',
        'blender-id.badger-client': 'made-up-badger',
        'braintree.merchant-id': 'made-up-merchant',
        'coconut.hostname': 'https://example.org',
        'geoip.database': '/srv/made-up.mmdb',
      };
      let given = new Answers().with('mailgun.api-key', new Secret('made-up-mail'), 'file');
      for (const [id, value] of Object.entries(values)) given = given.with(id, value, 'file');
      const installed = own === '' ? site : own;
      const known = [parseSettings(site), parseSettings(common)];
      writeFileSync(join(folder, 'settings_common.py'), common);
      const fields: typeof production = [
        ['given', 'text', 'BLENDER_ID BADGER_API_OAUTH_CLIENT', 'made-up-badger'],
        ['given', 'text', 'GATEWAYS braintree merchant_id', 'made-up-merchant'],
        ['given', 'text', 'GEOIP2_DB', '/srv/made-up.mmdb'],
        ['given', 'text', 'COCONUT_DECLARED_HOSTNAME', 'https://example.org'],
        ['given', 'text', 'GOOGLE_ANALYTICS_TRACKING_ID', 'made-up-tracking'],
        ['given', 'text', 'MAILGUN_API_KEY|ANYMAIL MAILGUN_API_KEY', 'made-up-mail'],
        ['mailgun', 'text', 'EMAIL_BACKEND', MAILGUN_BACKEND],
      ];
      const before = parseSettings(installed)
        .commentOut(['os.environ', 'OAUTHLIB_INSECURE_TRANSPORT'])
        .removeFromList(['INSTALLED_APPS'], 'sslserver');
      // So that it imports where the variable is unset (trap 5).
      const wanted = withIntegrations(before, given, known).source.replace(
        "get('AWS_CLOUDFRONT_KEY')",
        "get('AWS_CLOUDFRONT_KEY', '')",
      );
      expect(wanted).toContain('made-up-tracking');
      expect(run(site, fields, installed)).toBe(wanted);
      rmSync(join(folder, 'settings_common.py'));
    },
  );

  test.each(VARIANTS.map(({ name, source }) => [name, source] as const))(
    'makes what the product makes of %s',
    (_, source) => {
      expect(run(source)).toBe(wanted(source));
    },
  );
});
