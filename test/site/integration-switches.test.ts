import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AnswerSource, Answers } from '../../src/answers/answers.ts';
import type { Question } from '../../src/answers/question.ts';
import { isSecret } from '../../src/answers/values.ts';
import { integrationsAreOn } from '../../src/checks/integrations.ts';
import { isLater } from '../../src/engine/operation.ts';
import { Secret } from '../../src/output/secret.ts';
import { parseSettings } from '../../src/python/settings-file.ts';
import { SWITCHES, setUp, switchedOff } from '../../src/site/integration-switches.ts';
import { integrations, withoutPlace } from '../../src/site/integrations.ts';
import { SETTINGS, SETTINGS_COMMON, SETTINGS_EXAMPLE, SITE_USER } from '../../src/site/layout.ts';
import settings from '../../steps/settings.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { Django } from '../operations/django.ts';
import { stateOf } from './django-folder.ts';

const file = (name: string) =>
  readFileSync(path.join(import.meta.dirname, '../rehearsal/site/studio', name), 'utf8');

/** What an operator has of the site: the checkout's two files, and where it was set up before, its settings. */
interface Site {
  readonly example: string;
  readonly common: string;
  readonly installed?: string;
}

/**
 * The shapes that the site's settings have: in its newest states the console's backend and empty keys stand in settings_common,
 * the example has a backend of e-mail in a comment only, and no key of Mailgun inside ANYMAIL.
 */
const NEWEST: Site = {
  common: `DEFAULT_FILE_STORAGE = 'storages.backends.s3boto3.S3Boto3Storage'
AWS_S3_CUSTOM_DOMAIN = 'files.example.org'
GOOGLE_ANALYTICS_TRACKING_ID = ''
GOOGLE_RECAPTCHA_SITE_KEY = ''
GOOGLE_RECAPTCHA_SECRET_KEY = ''
MAILGUN_SENDER_DOMAIN = 'sandbox.example.org'
EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'
INSTALLED_APPS = []
`,
  example: file('settings.example.py')
    .replace(/^EMAIL_BACKEND = .*\n/m, '')
    .replace("    'MAILGUN_API_KEY': MAILGUN_API_KEY,\n", '')
    .replace(/^COCONUT_(\w+) = .*$/gm, "COCONUT_$1 = ''"),
};

/** Set up with a state of years before: what came since is in the checkout alone. */
const ADOPTED: Site = {
  ...NEWEST,
  installed: `from studio.settings_common import *
import os
SECRET_KEY = 'sample-secret-key-of-years-ago'
DEBUG = False
ALLOWED_HOSTS = ['studio.example.org']
BLENDER_ID = {'BASE_URL': 'https://id.example.org/', 'OAUTH_CLIENT': 'CHANGE_ME', 'OAUTH_SECRET': 'CHANGE_ME'}
DATABASES = {'default': {'NAME': 'studio', 'USER': 'studio', 'PASSWORD': 'sample', 'HOST': 'localhost', 'PORT': '5432'}}
`,
};

const SITES: Readonly<Record<string, Site>> = {
  "the rehearsal's": { example: file('settings.example.py'), common: file('settings_common.py') },
  newest: NEWEST,
  'adopted, older than its checkout': ADOPTED,
};

const groups = [...new Set(integrations.flatMap(({ question }) => question.group ?? []))];

/** A file that everybody can read. */
const COUNTRIES = '/etc/hostname';

function sample({ id, kind, choices }: Question): string | Secret {
  if (id === 'geoip.database') return COUNTRIES;
  if (id.endsWith('.url') || id.endsWith('.hostname')) return 'https://studio.example.org/';
  if (kind === 'choice') return choices?.[0]?.value ?? '';
  const text = `sample-${id.replaceAll('.', '-')}`;
  return kind === 'multiline-secret' || kind === 'secret' ? new Secret(text) : text;
}

/** What an operator answers who wants this integration and no other. */
function answersFor(group: string, source: AnswerSource = 'asked'): Answers {
  const base = [
    ['domain', 'studio.example.org'],
    ['database.name', 'studio'],
    ['database.user', 'studio'],
    ['database.host', 'localhost'],
    ['database.port', '5432'],
  ].reduce((all, [id = '', value = '']) => all.with(id, value, 'file'), new Answers());
  return integrations
    .filter(({ question }) => question.group === group)
    .reduce((all, { question }) => all.with(question.id, sample(question), source), base);
}

/** @returns settings.py as the section leaves it */
async function madeBy(site: Site, answers: Answers): Promise<string> {
  const host = new FakeHost();
  const own = { owner: SITE_USER, group: SITE_USER } as const;
  host.arrange({
    [path.dirname(SETTINGS)]: { folder: true, ...own },
    [SETTINGS_EXAMPLE]: { text: site.example, ...own },
    [SETTINGS_COMMON]: { text: site.common, ...own },
    ...(site.installed === undefined ? {} : { [SETTINGS]: { text: site.installed, mode: 0o640, ...own } }),
  });
  const operation = settings.operations(answers).find(({ id }) => id === 'settings/production');
  const change = await operation?.observe(host);
  if (change === undefined || isLater(change)) return site.installed ?? '';
  await change.apply(host);
  return (await host.read(SETTINGS)) ?? '';
}

async function inForce(site: Site, answers: Answers, edit = (text: string) => text) {
  const text = edit(await madeBy(site, answers));
  const state = stateOf({ 'settings.py': text, 'settings_common.py': site.common });
  return state.integrations ?? expect.unreachable(state.importError);
}

it('each integration has its switch', () => {
  expect(Object.keys(SWITCHES)).toEqual(groups);
});

/** A dict that settings.py lacks as a whole is not made up. */
const NO_PLACE = { Braintree: ADOPTED };

describe.each(Object.entries(SITES))('settings of the site: %s', (_, site) => {
  const placed = groups.filter((group) => NO_PLACE[group as keyof typeof NO_PLACE] !== site);

  it.each(placed)('what is answered for %s is in force, and switched on', async (group) => {
    const found = await inForce(site, answersFor(group));
    expect(setUp(found)).toEqual([group]);
    expect(switchedOff(found)).toEqual([]);
  });

  it('nothing is set up without an answer', async () => {
    expect(setUp(await inForce(site, answersFor('none')))).toEqual([]);
  });
});

describe('what settings.py has no place for', () => {
  it.each(Object.entries(NO_PLACE))('%s: the run says so, and what to do', async (group, site) => {
    const host = new FakeHost();
    const text = await madeBy(site, answersFor(group));
    host.arrange({ [SETTINGS]: { text, mode: 0o640, owner: SITE_USER, group: SITE_USER } });
    new Django(host).state = { checks: [] };
    const asked = settings.operations(answersFor(group)).find(({ id }) => id === 'settings/import');
    await asked?.observe(host);
    expect(host.warnings.join()).toContain(`${group} is not set up: ${SETTINGS} has no GATEWAYS.braintree.`);
    expect(host.warnings.join()).toContain('copy those lines (sudo');
  });

  it("what nobody gave is nobody's loss", async () => {
    const answers = answersFor('Braintree', 'default');
    expect(withoutPlace(parseSettings(ADOPTED.installed ?? ''), answers)).toEqual([]);
  });
});

describe('the doctor knows a switch that stays off', () => {
  const replaced = (from: RegExp | string, to: string) => (text: string) => {
    const edited = text.replace(from, to);
    if (edited === text) throw new Error(`${from} is not in:\n${text}`);
    return edited;
  };
  const added = (line: string) => (text: string) => `${text}${line}\n`;

  it.each<[string, (text: string) => string, RegExp]>([
    ['Blender ID', replaced(/('BASE_URL': '.*)\//, '$1'), /must end with a slash/],
    ['Blender ID', replaced(/'OAUTH_SECRET': '.*'/, "'OAUTH_SECRET': ''"), /OAUTH_SECRET is not filled in/],
    ['Braintree', replaced(/'public_key': '.*'/, "'public_key': 'CHANGE_ME'"), /public_key is not filled in/],
    ['GeoIP', replaced(COUNTRIES, '/nowhere.mmdb'), /www-data can not read/],
    ['reCAPTCHA', added("GOOGLE_RECAPTCHA_SECRET_KEY = ''"), /SECRET_KEY is not filled in/],
    [
      'AWS S3',
      added("DEFAULT_FILE_STORAGE = 'django.core.files.storage.FileSystemStorage'"),
      /files stay on this server/,
    ],
    [
      'AWS S3',
      added("STORAGES = {'default': {'BACKEND': 'django.core.files.storage.FileSystemStorage'}}"),
      /files stay on this server/,
    ],
    ['AWS CloudFront', added('AWS_S3_CUSTOM_DOMAIN = None'), /AWS_S3_CUSTOM_DOMAIN is empty/],
    ['AWS CloudFront', added("AWS_CLOUDFRONT_KEY = b''"), /AWS_CLOUDFRONT_KEY is not filled in/],
    ['Coconut', added("COCONUT_DECLARED_HOSTNAME = ''"), /COCONUT_DECLARED_HOSTNAME is not filled in/],
    [
      'Mailgun',
      added("EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'"),
      /EMAIL_BACKEND is django\.core\.mail\.backends\.console\.EmailBackend: no e-mail leaves/,
    ],
    [
      'Mailgun',
      added("EMAIL_BACKEND = 'django.core.mail.backends.dummy.EmailBackend'"),
      /no e-mail leaves this server/,
    ],
  ])('%s', async (group, edit, said) => {
    const off = switchedOff(await inForce(NEWEST, answersFor(group), edit));
    expect(off.map((each) => each.group)).toEqual([group]);
    expect(off[0]?.wrong).toMatch(said);
  });

  it('that stood so before the product came, and says what to do', async () => {
    const installed = await madeBy(NEWEST, answersFor('Mailgun', 'host'));
    const state = stateOf({ 'settings.py': installed, 'settings_common.py': NEWEST.common });
    const host = new FakeHost();
    host.arrange({ [SETTINGS]: { text: installed, owner: SITE_USER, group: SITE_USER } });
    new Django(host).state = state;
    expect(await integrationsAreOn.run(host, new Answers())).toMatchObject({
      ok: false,
      said: expect.stringContaining('Mailgun: EMAIL_BACKEND is django.core.mail.backends.console'),
      remedy: expect.stringContaining("Set it to 'anymail.backends.mailgun.EmailBackend'"),
    });
  });

  it('what somebody chose to send with is left, and no fault', async () => {
    const smtp = "EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'";
    const site = { ...NEWEST, example: `${NEWEST.example}${smtp}\n` };
    expect(switchedOff(await inForce(site, answersFor('Mailgun')))).toEqual([]);
    expect(await madeBy(site, answersFor('Mailgun'))).toContain(smtp);
  });
});

it('no key itself is among what the site says of them', async () => {
  const answers = groups.reduce(
    (all, group) =>
      integrations
        .filter(({ question }) => question.group === group && isSecret(question))
        .reduce((more, { question }) => more.with(question.id, sample(question), 'asked'), all),
    answersFor('none'),
  );
  expect(JSON.stringify(await inForce(NEWEST, answers))).not.toContain('sample-');
});
