import type { Answers } from '../src/answers/answers.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { DEFAULT_SOCKETS } from '../src/host/postgres.ts';
import { requirement } from '../src/operations/command.ts';
import { settings } from '../src/operations/settings.ts';
import { ProblemError } from '../src/output/problem.ts';
import { Secret } from '../src/output/secret.ts';
import type { SettingPath, SettingsFile } from '../src/python/settings-file.ts';
import { isExpression, pythonExpression } from '../src/python/value.ts';
import { productionScript } from '../src/script/settings.ts';
import { settingsInForce } from '../src/site/computed-settings.ts';
import { covers } from '../src/site/covers.ts';
import { DEFAULT_PORT } from '../src/site/database.ts';
import { deployAdvice } from '../src/site/deploy-advice.ts';
import { djangoState } from '../src/site/django.ts';
import { exampleSettings, installedSettings, settingsOfVersion } from '../src/site/installed-settings.ts';
import { integrations, valueAt, withIntegrations, withoutPlace } from '../src/site/integrations.ts';
import { SETTINGS, SETTINGS_EXAMPLE, VENV } from '../src/site/layout.ts';
import { namesOf } from '../src/site/names.ts';
import { isOfSearch } from '../src/site/placeholder-questions.ts';
import { placeholdersLeft, skippedSettings } from '../src/site/placeholders.ts';
import { isBalanced } from '../src/site/roles.ts';
import { weakSecretKey } from '../src/site/secret-key.ts';
import { currentSecretKey } from '../src/site/settings.ts';
import { standing } from '../src/site/standing.ts';
import { randomText } from '../src/text/random.ts';

/** By what Django knows that a visitor came over HTTPS where a load balancer ends it; nginx lets nobody else in. */
const FORWARDED = ['HTTP_X_FORWARDED_PROTO', 'https'];

/** Django's level of an error among the findings of its checks. */
const ERROR = 40;

const section: Section = {
  id: 'settings',
  title: 'settings.py',
  heading: 'Working directory › Production settings.py',
  summary:
    "The site's settings. Only the settings that the document names are managed; everything else in the file stays as it is.",
  reads: ['database'],
  needs: ['working-directory'],
  questions: [
    {
      id: 'secret-key',
      label: 'Django SECRET_KEY',
      help: 'Signs sessions and password resets. Generate it, unless you have one (50 characters or more). It is stored in settings.py only.',
      kind: 'secret',
      generate: () => randomText(50),
      validate: weakSecretKey,
      rotatedBy: 'rotate secret-key',
      current: currentSecretKey,
    },
    ...integrations.map(({ question }) => question),
  ],
  operations: (answers) => [
    settings({
      id: 'settings/production',
      title: 'production settings',
      covers: [
        'settings-copy',
        'settings-secret-key',
        'settings-debug',
        'settings-oauthlib',
        'settings-allowed-hosts',
        'settings-database',
        'settings-change-me',
        'edit-as-www-data',
      ],
      departure: [
        {
          id: 'settings-import',
          document: 'cp studio/settings.example.py studio/settings.py',
          instead: 'AWS_CLOUDFRONT_KEY may be unset, and sslserver is removed from INSTALLED_APPS.',
          why: 'The example raises at import where that variable is unset, which no unit sets; sslserver is a development dependency.',
        },
        {
          id: 'settings-mode',
          document: 'cp makes settings.py readable for every local user',
          instead: 'settings.py has mode 0640.',
          why: 'It holds every secret of the site.',
        },
      ],
      shell: [`editor ${SETTINGS}  # SECRET_KEY, DEBUG, ALLOWED_HOSTS, DATABASES, and every CHANGE_ME`],
      script: productionScript(answers),
      edit: (file, host) => production(file, host, answers),
    }),
    requirement({
      id: 'settings/import',
      title: "import as www-data, under the unit's environment",
      after: ['settings/production', 'virtualenv', 'requirements/locale'],
      covers: ['settings-change-me'],
      check: (host) => imports(host, answers),
    }),
  ],
};
export default section;

async function production(file: SettingsFile, host: Host, answers: Answers): Promise<SettingsFile> {
  const secret = valueAt(file, ['SECRET_KEY']);
  if (typeof secret === 'string' && !/CHANGE/.test(secret)) new Secret(secret);
  const password = valueAt(file, ['DATABASES', 'default', 'PASSWORD']);
  if (typeof password === 'string' && !/CHANGE/.test(password)) new Secret(password);

  const edited = file
    .commentOut(['os.environ', 'OAUTHLIB_INSECURE_TRANSPORT'])
    .removeFromList(['INSTALLED_APPS'], 'sslserver')
    .set(['DEBUG'], false);
  const named = await withNames(edited, host, answers);
  const behind = isBalanced(answers) ? named.set(['SECURE_PROXY_SSL_HEADER'], FORWARDED) : named;
  const signed = setAnswer(behind, ['SECRET_KEY'], answers, 'secret-key');
  return withIntegrations(importable(withDatabase(signed, answers)), answers, await settingsOfVersion(host));
}

/**
 * Sets what was answered. What the host itself answered, by something else than a plain value (`os.environ[…]`), is in force
 * already, and stays as it is written. Without an answer, as for a login that needs no password, nothing is set.
 */
function setAnswer(file: SettingsFile, path: SettingPath, answers: Answers, id: string): SettingsFile {
  const answer = answers.get(id);
  const plain = answer instanceof Secret ? answer.reveal() : answer;
  if (typeof plain !== 'string') return file;
  if (answers.sourceOf(id) === 'host' && standing(file, path).kind === 'computed') return file;
  return file.set(path, plain);
}

/** What is the same to Django and libpq in other words stays as it is written: a port as a number, the socket as no host. */
function withDatabase(file: SettingsFile, answers: Answers): SettingsFile {
  let edited = file;
  for (const [key, id, unset] of [
    ['NAME', 'database.name', undefined],
    ['USER', 'database.user', undefined],
    ['HOST', 'database.host', DEFAULT_SOCKETS],
    ['PORT', 'database.port', DEFAULT_PORT],
    ['PASSWORD', 'database.password', undefined],
  ] as const) {
    const path = ['DATABASES', 'default', key];
    const current = valueAt(edited, path);
    const wanted = answers.optionalText(id);
    if (typeof current === 'number' && String(current) === wanted) continue;
    const isUnset = standing(edited, path).kind === 'none' || current === '' || current === null;
    if (isUnset && unset !== undefined && wanted === unset) continue;
    edited = setAnswer(edited, path, answers, id);
  }
  return edited;
}

/** `os.environ.get('AWS_CLOUDFRONT_KEY').encode(…)` raises where the variable is unset (trap 5). */
function importable(file: SettingsFile): SettingsFile {
  const path = ['AWS_CLOUDFRONT_KEY'];
  const value = valueAt(file, path);
  if (value === undefined || !isExpression(value)) return file;
  const fixed = value.source.replace(
    /(os\.(?:environ\.get|getenv)\(\s*(['"])\w+\2)\s*\)(?=\s*\.encode\()/,
    "$1, '')",
  );
  return fixed === value.source ? file : file.set(path, pythonExpression(fixed));
}

/**
 * The operator's names, and what was added by hand; the example's own names go. A list that is computed stays, when the site's
 * names are in what comes of it.
 * @throws ProblemError when they are not, or that can't be told
 */
async function withNames(file: SettingsFile, host: Host, answers: Answers): Promise<SettingsFile> {
  const path = ['ALLOWED_HOSTS'];
  const names = namesOf(answers);
  const stands = standing(file, path);
  if (stands.kind === 'computed' && standing(await installedSettings(host), path).kind === 'computed') {
    const { allowedHosts } = await settingsInForce(host, path, stands.where);
    const missing = names.filter((name) => !allowedHosts.some((each) => covers(each, name)));
    if (missing.length === 0) return file;
    throw new ProblemError({
      what: `ALLOWED_HOSTS in ${SETTINGS} lacks ${missing.join(', ')}, and is computed rather than a plain list (${stands.where}).`,
      remedy:
        'Add the names to what computes ALLOWED_HOSTS, or write it as a plain list; then run again. Nothing was written.',
    });
  }
  const list = (from: SettingsFile | undefined) => {
    const value = from && valueAt(from, path);
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  };
  const [own, example] = [list(file), list(await exampleSettings(host))];
  // Only the example's own list is nobody's: 'localhost' in another may be what somebody's probe asks by.
  const kept = own.length === example.length && own.every((name) => example.includes(name)) ? [] : own;
  const lacking = names.filter((name) => !kept.some((word) => covers(word, name)));
  return file.set(path, [...new Set([...kept, ...lacking])]);
}

/** @throws ProblemError when the services could not import the settings either */
async function imports(host: Host, answers: Answers): Promise<void> {
  // While planning: what is about to be written and installed can't be imported yet.
  if (host.willChange(SETTINGS) || host.willChange(VENV)) return;
  const state = await djangoState(host);
  if (state === undefined) return;
  if (state.importError !== undefined) {
    throw new ProblemError({
      what: `studio/settings.py can't be imported as www-data: ${state.importError}`,
      remedy: `Fix that error (sudo -Hu www-data editor ${SETTINGS}), then run again. The services were not restarted.`,
    });
  }
  const errors = (state.checks ?? []).filter(({ level }) => level >= ERROR);
  if (errors.length > 0) {
    throw new ProblemError({
      what: 'manage.py check --deploy found errors.',
      remedy: `Fix them in ${SETTINGS}, then run again.`,
      detail: errors.map(({ id, message }) => `${id}: ${message}`),
    });
  }
  for (const advice of deployAdvice(state.checks ?? [])) host.warn(advice);
  await warnOfPlaceholders(host, answers);
}

/** What was answered and does nothing: a settings.py that is older than the checkout, or a state of the site before that integration. */
function warnOfNoPlace(host: Host, file: SettingsFile | undefined, answers: Answers): void {
  const lost = file === undefined ? [] : withoutPlace(file, answers);
  for (const group of new Set(lost.map((each) => each.group))) {
    const names = lost.filter((each) => each.group === group).map(({ name }) => name);
    host.warn(
      `${group} is not set up: ${SETTINGS} has no ${names.join(', ')}. If ${SETTINGS_EXAMPLE} has them, copy those lines (sudo -Hu www-data editor ${SETTINGS}), then run again; if not, this version of the site does not use ${group}.`,
    );
  }
}

/** What was skipped is no warning: review and report name all of it, with what does not work then. */
async function warnOfPlaceholders(host: Host, answers: Answers): Promise<void> {
  const installed = await installedSettings(host);
  warnOfNoPlace(host, installed, answers);
  const left = placeholdersLeft(installed, answers, skippedSettings(host));
  const unknown = left.filter(({ name, leftOut }) => leftOut === undefined && !isOfSearch(name));
  if (unknown.length > 0) {
    const places = unknown.map(({ name, line, answer }) => `${answer ?? name} (line ${line})`);
    // Nobody can be asked for them before the repository is there: on a new server that is from the second start on.
    const asked = unknown.some(({ answer }) => answer !== undefined)
      ? 'studio-setup run settings asks for them; or '
      : '';
    host.warn(
      `settings.py still says CHANGE_ME at ${places.join(', ')}: ${asked}edit it as www-data (sudo -Hu www-data editor ${SETTINGS}).`,
    );
  }
}
