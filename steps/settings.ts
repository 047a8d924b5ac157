import type { Answers } from '../src/answers/answers.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { requirement } from '../src/operations/command.ts';
import { settings } from '../src/operations/settings.ts';
import { ProblemError } from '../src/output/problem.ts';
import { Secret } from '../src/output/secret.ts';
import type { SettingsFile } from '../src/python/settings-file.ts';
import { isExpression, pythonExpression } from '../src/python/value.ts';
import { covers } from '../src/site/covers.ts';
import { djangoState } from '../src/site/django.ts';
import { exampleSettings, installedSettings } from '../src/site/installed-settings.ts';
import { integrations, randomText, valueAt, withIntegrations } from '../src/site/integrations.ts';
import { SETTINGS, VENV } from '../src/site/layout.ts';
import { namesOf } from '../src/site/names.ts';
import { placeholdersLeft } from '../src/site/placeholders.ts';
import { currentSecretKey } from '../src/site/settings.ts';

/** Django's level of an error among the findings of its checks. */
const ERROR = 40;

const section: Section = {
  id: 'settings',
  title: 'settings.py',
  heading: 'Working directory › Production settings.py',
  summary:
    "The site's own settings: only the assignments that the document names are managed, all else in the file stays as it is.",
  reads: ['database'],
  needs: ['working-directory'],
  questions: [
    {
      id: 'secret-key',
      label: "Django's SECRET_KEY",
      help: 'Signs sessions and password resets. Let one be generated; it is kept in settings.py only.',
      kind: 'secret',
      generate: () => randomText(50),
      current: currentSecretKey,
    },
    ...integrations.map(({ question }) => question),
  ],
  operations: (answers) => [
    settings({
      id: 'settings/production',
      title: 'production values',
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
          instead: 'AWS_CLOUDFRONT_KEY may be unset, and sslserver is taken out of INSTALLED_APPS.',
          why: 'The example raises at import where that variable is unset, which no unit sets; sslserver is a development dependency.',
        },
        {
          id: 'settings-mode',
          document: 'cp makes settings.py readable for every local user',
          instead: 'settings.py has mode 0640.',
          why: 'It holds every secret of the site.',
        },
      ],
      shell: [`editor ${SETTINGS}  # SECRET_KEY, DEBUG, ALLOWED_HOSTS, DATABASES, and what says CHANGE_ME`],
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

  let edited = file
    .commentOut(['os.environ', 'OAUTHLIB_INSECURE_TRANSPORT'])
    .removeFromList(['INSTALLED_APPS'], 'sslserver')
    .set(['SECRET_KEY'], answers.secret('secret-key').reveal())
    .set(['DEBUG'], false)
    .set(['ALLOWED_HOSTS'], await allowedHosts(file, host, answers));
  for (const [key, id] of [
    ['NAME', 'database.name'],
    ['USER', 'database.user'],
    ['HOST', 'database.host'],
    ['PORT', 'database.port'],
  ] as const) {
    const current = valueAt(edited, ['DATABASES', 'default', key]);
    // PORT may stand there as a number: the same port is no change.
    if (typeof current === 'number' && String(current) === answers.text(id)) continue;
    edited = edited.set(['DATABASES', 'default', key], answers.text(id));
  }
  edited = edited.set(['DATABASES', 'default', 'PASSWORD'], answers.secret('database.password').reveal());
  return withIntegrations(importable(edited), answers);
}

/** `os.environ.get('AWS_CLOUDFRONT_KEY').encode(…)` raises where the variable is unset (trap 5). */
function importable(file: SettingsFile): SettingsFile {
  const path = ['AWS_CLOUDFRONT_KEY'];
  const value = valueAt(file, path);
  if (value === undefined || !isExpression(value)) return file;
  const mended = value.source.replace(
    /(os\.(?:environ\.get|getenv)\(\s*(['"])\w+\2)\s*\)(?=\s*\.encode\()/,
    "$1, '')",
  );
  return mended === value.source ? file : file.set(path, pythonExpression(mended));
}

/** The operator's names, and what was added by hand; the example's own names go. */
async function allowedHosts(file: SettingsFile, host: Host, answers: Answers): Promise<readonly string[]> {
  const list = (from: SettingsFile | undefined) => {
    const value = from && valueAt(from, ['ALLOWED_HOSTS']);
    return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
  };
  const [own, example] = [list(file), list(await exampleSettings(host))];
  // Only the example's own list is nobody's: 'localhost' in another may be what somebody's probe asks by.
  const kept = own.length === example.length && own.every((name) => example.includes(name)) ? [] : own;
  const lacking = namesOf(answers).filter((name) => !kept.some((word) => covers(word, name)));
  return [...new Set([...kept, ...lacking])];
}

/** @throws ProblemError when the services could not import the settings either */
async function imports(host: Host, answers: Answers): Promise<void> {
  // While planning: what is about to be written and installed can't be imported yet.
  if (host.willChange(SETTINGS) || host.willChange(VENV)) return;
  const state = await djangoState(host);
  if (state === undefined) return;
  if (state.importError !== undefined) {
    throw new ProblemError({
      what: `studio/settings.py does not import as www-data: ${state.importError}`,
      remedy: `Mend what it names (sudo -Hu www-data editor ${SETTINGS}), then run again. The services were not restarted.`,
    });
  }
  const errors = (state.checks ?? []).filter(({ level }) => level >= ERROR);
  if (errors.length > 0) {
    throw new ProblemError({
      what: 'manage.py check --deploy finds errors.',
      remedy: `Mend them in ${SETTINGS}, then run again.`,
      detail: errors.map(({ id, message }) => `${id}: ${message}`),
    });
  }
  for (const { id, message } of state.checks ?? []) {
    host.warn(`manage.py check --deploy: ${id.replace(/^security\./, '')} ${message.split('. ')[0]}.`);
  }
  await warnOfPlaceholders(host, answers);
}

async function warnOfPlaceholders(host: Host, answers: Answers): Promise<void> {
  const left = placeholdersLeft(await installedSettings(host), answers);
  const groups = new Set(left.flatMap(({ leftOut }) => leftOut ?? []));
  const unknown = left
    .filter(({ name, leftOut }) => leftOut === undefined && !name.startsWith('MEILISEARCH_'))
    .map(({ name, line }) => `${name} (line ${line})`);
  if (groups.size > 0)
    host.warn(
      `Left out for now, and so not working: ${[...groups].join(', ')}. Come back with: studio-setup run settings`,
    );
  if (unknown.length > 0)
    host.warn(
      `settings.py still says CHANGE_ME at ${unknown.join(', ')}: edit it as www-data (sudo -Hu www-data editor ${SETTINGS}).`,
    );
}
