import type { Answers } from '../src/answers/answers.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { quote } from '../src/host/shell.ts';
import { command, requirement } from '../src/operations/command.ts';
import { fetchProgram, sha256Of } from '../src/operations/download.ts';
import { file } from '../src/operations/file.ts';
import { folder } from '../src/operations/folder.ts';
import { settings } from '../src/operations/settings.ts';
import { runningService } from '../src/operations/unit.ts';
import { ProblemError } from '../src/output/problem.ts';
import { Secret } from '../src/output/secret.ts';
import { deployed } from '../src/site/deployed.ts';
import { manage, unitEnvironment } from '../src/site/django.ts';
import { randomText, valueAt } from '../src/site/integrations.ts';
import { CHECKOUT, MEILISEARCH_KEY_FILE, SITE_USER, UNITS, VENV, WWW } from '../src/site/layout.ts';
import {
  currentMasterKey,
  indexed,
  isAtLeast,
  programVersion,
  searchKeys,
  unhealthy,
  unitProgram,
  wantedProgram,
} from '../src/site/meilisearch.ts';
import { emptyOnPurpose, rememberIndexed } from '../src/site/search-index.ts';
import { SERVICES } from '../src/site/services.ts';
import { unitState } from '../src/site/units.ts';
import { meilisearchUnitFile } from './configuration-files.ts';

/** What the site was written for: the version that the document's unit starts. */
const DOCUMENTED = '0.25.2';

/** From 1.0 on a shorter master key ends the process; before, its strength matters as much: /s/ is public. */
const KEY_BYTES = 16;

const DATA_FOLDER = `${WWW}/data.ms`;

const section: Section = {
  id: 'meilisearch',
  title: 'Meilisearch',
  heading: 'Configuration files › Meilisearch',
  summary: 'The search engine of the site. It listens on 127.0.0.1:7700; visitors reach it under /s/.',
  needs: ['configuration-files', 'requirements/services'],
  questions: [
    {
      id: 'meilisearch.version',
      advanced: true,
      label: 'Version of Meilisearch',
      help: `The site was written for ${DOCUMENTED}. Later ones work with a site whose Python client knows them.`,
      kind: 'text',
      default: DOCUMENTED,
      validate: (value) => (/^\d+\.\d+\.\d+$/.test(value) ? undefined : 'A version has the form 0.25.2.'),
      current: async (host) => {
        const program = await unitProgram(host);
        return program === undefined ? undefined : programVersion(host, program);
      },
    },
    {
      id: 'meilisearch.release',
      advanced: true,
      label: 'Release file of Meilisearch',
      help: 'Its https address, or the path of a file on this host.',
      kind: 'text',
      default: (answers) => releaseAddress(answers.text('meilisearch.version')),
      validate: (value) =>
        /^(https?:\/\/|\/)[^\s'"]+$/.test(value)
          ? undefined
          : 'It is an https:// address or an absolute path.',
      ofThisHost: true,
      current: installedProgram,
    },
    {
      id: 'meilisearch.sha256',
      label: 'SHA-256 of that file',
      help: 'The release page lists it beside the file; 64 hexadecimal digits.',
      kind: 'text',
      validate: (value) => (/^[0-9a-fA-F]{64}$/.test(value) ? undefined : 'It is 64 hexadecimal digits.'),
      current: async (host) => {
        const program = await installedProgram(host);
        return program === undefined ? undefined : host.once(`sha256:${program}`, () => sha256Of(program));
      },
    },
    {
      id: 'meilisearch.master-key',
      label: 'Master key of Meilisearch',
      help: 'Let one be generated. All other keys follow from it; it stays on this host.',
      kind: 'secret',
      generate: () => randomText(32),
      rotatedBy: 'rotate meilisearch-key',
      validate: (value) =>
        !/^[\x21-\x7e]+$/.test(value) || /["'\\$%#]/.test(value)
          ? 'Letters, digits and signs without quotes, spaces, $, %, # and \\.'
          : Buffer.byteLength(value) >= KEY_BYTES
            ? undefined
            : `At least ${KEY_BYTES} characters: the whole search interface is public under /s/.`,
      current: (host) => currentMasterKey(host),
    },
    {
      id: 'meilisearch.sentry-dsn',
      label: 'Sentry DSN for Meilisearch',
      help: 'Error reports of the search engine; versions from 0.30 on ignore it.',
      kind: 'text',
      group: 'Sentry for Meilisearch',
      skippable: "The search engine's crashes are reported nowhere.",
      when: (answers) => !isAtLeast(answers.text('meilisearch.version'), '0.30.0'),
      validate: (value) =>
        /^https:\/\/\S+@\S+\/\d+$/.test(value) ? undefined : 'A DSN has the form https://key@host/number.',
    },
  ],
  operations: (answers) => {
    const version = answers.text('meilisearch.version');
    return [
      command({
        id: 'meilisearch/program',
        title: `Meilisearch ${version}`,
        covers: ['meilisearch-install', 'meilisearch-executable'],
        departure: {
          id: 'meilisearch-path',
          document: 'chmod o+x /usr/bin/meilisearch',
          instead:
            'The release goes to the path that the unit starts, with mode 0755, after its SHA-256 was compared.',
          why: 'The unit may start /usr/bin/meilisearch-0.25.2: then the documented path is another file.',
        },
        shell: [
          `curl -fLo /usr/bin/meilisearch-${version} ${answers.text('meilisearch.release')}`,
          `chmod 755 /usr/bin/meilisearch-${version}`,
        ],
        script: [
          `program=$(program_of_unit ${version})`,
          `fetch_program ${quote(answers.text('meilisearch.release'))} "$program" ${answers.text('meilisearch.sha256').toLowerCase()}`,
        ],
        irreversible: 'the program stays',
        missing: (host) => programMissing(host, answers),
        async apply(live) {
          const path = await programPath(live, answers);
          if (path === undefined) return;
          await fetchProgram(live, {
            path,
            source: answers.text('meilisearch.release'),
            sha256: answers.text('meilisearch.sha256'),
          });
        },
      }),
      folder({
        id: 'meilisearch/key-folder',
        after: ['requirements/tools'],
        path: '/etc/blender-studio',
        owner: 'root',
        group: 'root',
        mode: 0o755,
      }),
      file({
        id: 'meilisearch/master-key',
        path: MEILISEARCH_KEY_FILE,
        title: 'the master key',
        mode: 0o600,
        secret: true,
        covers: ['meilisearch-generate', 'meilisearch-key-in-unit', 'files-change-me'],
        shell: [
          `install -m 600 /dev/null ${MEILISEARCH_KEY_FILE}`,
          `printf 'MEILI_MASTER_KEY=%s\\n' "$(head /dev/urandom | tr -dc A-Za-z0-9 | head -c32)" > ${MEILISEARCH_KEY_FILE}`,
        ],
        content: async () => `MEILI_MASTER_KEY=${answers.secret('meilisearch.master-key').reveal()}\n`,
      }),
      // The key that stands in the unit goes on first: a run that is killed in between must not lose it.
      meilisearchUnitFile(answers, 'meilisearch/unit', ['meilisearch/master-key', 'working-directory']),
      requirement({
        id: 'meilisearch/data-folder',
        title: 'the data folder is of this version',
        after: ['meilisearch/program', 'meilisearch/unit'],
        check: (host) => sameData(host, version),
      }),
      runningService(SERVICES.meilisearch, {
        id: 'meilisearch/service',
        after: ['meilisearch/data-folder'],
        covers: ['files-first', 'meilisearch-production', 'meilisearch-enable', 'meilisearch-start'],
        async answers(host) {
          const sick = await unhealthy(host);
          if (sick !== undefined) return sick;
          const keys = await searchKeys(host, answers.secret('meilisearch.master-key'));
          return 'wrong' in keys ? keys.wrong : undefined;
        },
        explain: (journal) => explain(journal.join('\n')),
      }),
      settings({
        id: 'meilisearch/keys',
        title: 'search keys and address',
        after: ['meilisearch/service', 'settings/production'],
        covers: [
          'meilisearch-header',
          'meilisearch-get-keys',
          'meilisearch-keys-settings',
          'meilisearch-keys-change',
          'meilisearch-address',
        ],
        departure: {
          id: 'key-header',
          document: "curl -H 'X-Meili-API-Key: MASTER-KEY'",
          instead: 'From Meilisearch 0.25 on the key goes into Authorization: Bearer.',
          why: 'That header is what these versions take; the documented one is refused with 401.',
        },
        shell: [
          'curl -H "Authorization: Bearer $MASTER_KEY" http://localhost:7700/keys  # before 0.25: X-Meili-API-Key',
          'editor /var/www/blender-studio/studio/settings.py  # MEILISEARCH_PUBLIC_KEY, MEILISEARCH_PRIVATE_KEY, MEILISEARCH_API_ADDRESS',
        ],
        async edit(settingsFile, host) {
          if (host.willChange(MEILISEARCH_KEY_FILE)) return { later: 'needs Meilisearch with its new key' };
          if ((await unhealthy(host)) !== undefined) return { later: 'needs Meilisearch running' };
          const answer = await searchKeys(host, answers.secret('meilisearch.master-key'));
          if ('wrong' in answer) return { later: `needs Meilisearch with this master key: ${answer.wrong}` };
          for (const name of ['MEILISEARCH_PUBLIC_KEY', 'MEILISEARCH_PRIVATE_KEY']) {
            const old = valueAt(settingsFile, [name]);
            if (typeof old === 'string' && !/CHANGE/.test(old)) new Secret(old);
          }
          return settingsFile
            .set(['MEILISEARCH_PUBLIC_KEY'], answer.keys.public.reveal())
            .set(['MEILISEARCH_PRIVATE_KEY'], answer.keys.private.reveal())
            .set(['MEILISEARCH_API_ADDRESS'], `https://${answers.text('domain')}/s/`);
        },
      }),
      command({
        id: 'meilisearch/indexes',
        title: 'create and fill the search indexes',
        // The site's own indexing goes out by https://DOMAIN/s/, through nginx and TLS.
        after: ['meilisearch/keys', 'start-nginx', 'migrate/tables'],
        covers: ['meilisearch-indexes'],
        shell: ['create_search_indexes', 'index_documents'].map(
          (name) => `sudo -Hu ${SITE_USER} ${VENV}/bin/python ${CHECKOUT}/manage.py ${name}`,
        ),
        script: ['create_search_indexes', 'index_documents'].map((name) => `in_site manage.py ${name}`),
        irreversible: 'indexes stay; both commands are safe to repeat',
        missing: (host) => indexesMissing(host, answers),
        async apply(live) {
          for (const name of ['create_search_indexes', 'index_documents']) {
            await live.run(manage(name), { as: SITE_USER, cwd: CHECKOUT, env: await unitEnvironment(live) });
          }
          const answer = await searchKeys(live, answers.secret('meilisearch.master-key'));
          const found = 'keys' in answer ? await indexed(live, version, answer.keys.private) : undefined;
          if (found !== undefined) await rememberIndexed(live, found.documents);
        },
      }),
    ];
  },
};
export default section;

function releaseAddress(version: string): string {
  const machine = process.arch === 'arm64' ? (isAtLeast(version, '0.28.0') ? 'aarch64' : 'armv8') : 'amd64';
  return `https://github.com/meilisearch/meilisearch/releases/download/v${version}/meilisearch-linux-${machine}`;
}

async function programPath(host: Host, answers: Answers): Promise<string | undefined> {
  const unit = await deployed(host, answers, `${UNITS}/meilisearch.service`);
  return typeof unit === 'string' ? wantedProgram(unit, answers.text('meilisearch.version')) : undefined;
}

/** @returns the program of the unit that is installed, or of the documented name, when it is there. */
async function installedProgram(host: Host): Promise<string | undefined> {
  const program = await unitProgram(host);
  if (program === undefined) return undefined;
  return (await programVersion(host, program)) === undefined ? undefined : program;
}

async function programMissing(host: Host, answers: Answers): Promise<string | { later: string } | undefined> {
  const path = await programPath(host, answers);
  if (path === undefined) return { later: "needs the checkout's unit" };
  const status = await host.status(path);
  if (status === undefined) return `${path} is not there`;
  if ((status.mode & 0o001) === 0) return `${path} can't be started by others`;
  const found = await programVersion(host, path);
  return found === answers.text('meilisearch.version')
    ? undefined
    : `${path} is ${found ?? 'no program that says its version'}`;
}

/** Before 1.12 one version does not open the data of another: a dump is needed. It is said, and nothing is deleted. */
async function sameData(host: Host, version: string): Promise<void> {
  const { stdout } = await host.query(['cat', '--', `${DATA_FOLDER}/VERSION`], { as: SITE_USER });
  const found = /^\d+\.\d+/.exec(stdout.trim())?.[0];
  const wanted = version.split('.').slice(0, 2).join('.');
  if (
    found === undefined ||
    found === wanted ||
    (isAtLeast(`${found}.0`, '1.12.0') && isAtLeast(version, '1.12.0'))
  )
    return;
  throw new ProblemError({
    what: `${DATA_FOLDER} was written by Meilisearch ${stdout.trim()}; ${version} does not open it.`,
    remedy: `Keep the version (answer meilisearch.version: ${stdout.trim()}). Or make a dump with the old one and import it; or, as the site can fill its indexes anew, move the folder away (mv ${DATA_FOLDER} ${DATA_FOLDER}.old). Nothing was deleted.`,
  });
}

async function indexesMissing(host: Host, answers: Answers): Promise<string | { later: string } | undefined> {
  const state = await unitState(host, SERVICES.meilisearch.unit);
  if (state.active !== 'active') return { later: 'needs Meilisearch running' };
  const answer = await searchKeys(host, answers.secret('meilisearch.master-key'));
  if ('wrong' in answer) return { later: `needs Meilisearch with this master key: ${answer.wrong}` };
  const found = await indexed(host, answers.text('meilisearch.version'), answer.keys.private);
  if (found === undefined || found.indexes === 0) return 'there are none yet';
  // An index without documents may be a site without films, or a run that was killed in between.
  return found.documents > 0 || (await emptyOnPurpose(host)) ? undefined : 'they are empty';
}

function explain(journal: string): string | undefined {
  if (/Unexpected argument|unexpected argument|Found argument/i.test(journal)) {
    return 'This version refuses an option of the unit: check the answer meilisearch.version, then run again.';
  }
  if (/master key/i.test(journal))
    return 'It refuses the master key: at least 16 characters from version 1.0 on.';
  if (/incompatible|database version/i.test(journal)) {
    return `The data folder is of another version: make a dump with the old one, or move ${DATA_FOLDER} away; nothing was deleted.`;
  }
  return undefined;
}
