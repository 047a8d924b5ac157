import type { Answers } from '../src/answers/answers.ts';
import type { Operation } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { quote } from '../src/host/shell.ts';
import { command, requirement } from '../src/operations/command.ts';
import { fetchProgram, RELEASE_MB } from '../src/operations/download.ts';
import { file } from '../src/operations/file.ts';
import { folder } from '../src/operations/folder.ts';
import { runManage } from '../src/operations/manage.ts';
import { ownedBy } from '../src/operations/ownership.ts';
import { settings } from '../src/operations/settings.ts';
import { treesInOrder } from '../src/operations/site-trees.ts';
import { runningService } from '../src/operations/unit.ts';
import { ProblemError } from '../src/output/problem.ts';
import { Secret } from '../src/output/secret.ts';
import { dataFits, masterKeyFits, siteFits } from '../src/requirements/meilisearch.ts';
import { ofSecret } from '../src/script/secrets.ts';
import { settingsLines, textSetting } from '../src/script/settings.ts';
import { word } from '../src/script/words.ts';
import { deployed } from '../src/site/deployed.ts';
import { valueAt } from '../src/site/integrations.ts';
import {
  CHECKOUT,
  MEILISEARCH_DATA,
  MEILISEARCH_DUMPS,
  MEILISEARCH_KEY_FILE,
  MEILISEARCH_SNAPSHOTS,
  SITE_USER,
  UNITS,
  VENV,
  WWW,
} from '../src/site/layout.ts';
import {
  forbiddenProgram,
  indexed,
  programVersion,
  rememberInstalled,
  searchKeys,
  unhealthy,
  unitProgram,
  wantedProgram,
} from '../src/site/meilisearch.ts';
import { knownDigest, wantedDigest } from '../src/site/meilisearch-digests.ts';
import { explainJournal } from '../src/site/meilisearch-journal.ts';
import { makesFolders } from '../src/site/meilisearch-versions.ts';
import { CODE, hasAnyRole } from '../src/site/roles.ts';
import { emptyOnPurpose, rememberIndexed } from '../src/site/search-index.ts';
import { SERVICES } from '../src/site/services.ts';
import { meilisearchUnitFile } from './configuration-files.ts';
import { meilisearchQuestions } from './meilisearch-questions.ts';

const section: Section = {
  id: 'meilisearch',
  title: 'Meilisearch',
  heading: 'Configuration files › Meilisearch',
  summary: "The site's search engine. It listens on 127.0.0.1:7700; visitors reach it under /s/.",
  needs: ['configuration-files', 'requirements/services'],
  questions: meilisearchQuestions,
  operations: (answers) => {
    const version = answers.text('meilisearch.version');
    const runsEngine = hasAnyRole(answers, 'search');
    const engine = (): readonly Operation[] => [
      requirement({
        id: 'meilisearch/data-folder',
        title: `Meilisearch ${version} can open the data folder`,
        after: [],
        check: (host) => dataFits(host, version),
      }),
      requirement({
        id: 'meilisearch/key-length',
        title: `the master key is long enough for Meilisearch ${version}`,
        after: [],
        check: async () => masterKeyFits(answers.secret('meilisearch.master-key'), version),
      }),
      siteFits({ id: 'meilisearch/client', version, after: ['working-directory'] }),
      // Where there is no site, nothing else makes it.
      ...(hasAnyRole(answers, ...CODE)
        ? []
        : [
            folder({
              id: 'meilisearch/www',
              after: [],
              path: WWW,
              owner: SITE_USER,
              group: SITE_USER,
              mode: 0o2755,
            }),
          ]),
      command({
        id: 'meilisearch/program',
        // The download is large and begins early: Python and certificates are enough. Without a site here, others reach the search
        // through the tunnel, which comes with all requirements.
        after: [
          hasAnyRole(answers, 'web') ? 'requirements/virtualenv' : 'requirements',
          'requirements/meilisearch',
          'meilisearch/client',
          'meilisearch/data-folder',
          'meilisearch/key-length',
        ],
        title: `Meilisearch ${version}`,
        ...(answers.text('meilisearch.release').startsWith('/')
          ? {}
          : { downloads: `Meilisearch ${version} (about ${RELEASE_MB} MB)` }),
        covers: ['meilisearch-install', 'meilisearch-executable'],
        departure: {
          id: 'meilisearch-path',
          document: 'chmod o+x /usr/bin/meilisearch',
          instead:
            'The release is verified by its SHA-256 and installed at the path that the unit starts, with mode 0755.',
          why: 'The unit may start /usr/bin/meilisearch-0.25.2: then the documented path is a different file.',
        },
        shell: [
          `curl -fLo /usr/bin/meilisearch-${version} ${quote(answers.text('meilisearch.release'))}`,
          `sha256sum /usr/bin/meilisearch-${version}  # ${knownDigest(answers) ?? 'compare it with what you trust'}`,
          `chmod 755 /usr/bin/meilisearch-${version}`,
        ],
        script: [
          `program=$(program_of_unit ${word(version)})`,
          `fetch_program ${word(answers.text('meilisearch.release'))} "$program" ${word(knownDigest(answers)?.toLowerCase() ?? 'any')}`,
        ],
        irreversible: 'Meilisearch stays installed',
        missing: (host) => programMissing(host, answers),
        async apply(live) {
          const path = await programPath(live, answers);
          if (path === undefined) return;
          const source = answers.text('meilisearch.release');
          const sha256 = wantedDigest(answers);
          const found = await fetchProgram(live, { path, source, ...(sha256 ? { sha256 } : {}) });
          rememberInstalled(live, version, found);
          if (sha256 === undefined)
            live.warn(
              `${source} was installed without a known SHA-256. The SHA-256 of the file is ${found}: compare it with a source that you trust. To require this file on other servers, set the answer meilisearch.sha256 to that value.`,
            );
        },
      }),
    ];
    const key = (): readonly Operation[] => [
      folder({
        id: 'meilisearch/key-folder',
        after: ['requirements/virtualenv'],
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
        script: [
          `printf 'MEILI_MASTER_KEY=%s\\n' ${ofSecret('meilisearch.master-key')} | put ${MEILISEARCH_KEY_FILE} 600`,
        ],
        content: async () => `MEILI_MASTER_KEY=${answers.secret('meilisearch.master-key').reveal()}\n`,
      }),
    ];
    const unit = (): readonly Operation[] => [
      // The key that stands in the unit goes on first: a run that is killed in between must not lose it.
      // So does its program: where the download fails, an older unit still starts the older program.
      meilisearchUnitFile(answers, 'meilisearch/unit', [
        'meilisearch/master-key',
        'meilisearch/program',
        'working-directory',
      ]),
      ...(makesFolders(version) ? [MEILISEARCH_DUMPS, MEILISEARCH_SNAPSHOTS] : []).map((path) =>
        folder({
          id: `meilisearch/${path.slice(path.lastIndexOf('-') + 1)}`,
          after: ['working-directory'],
          path,
          owner: SITE_USER,
          group: SITE_USER,
          mode: 0o750,
        }),
      ),
      // Where root tried Meilisearch once, its data is root's, and the unit runs as the site's account. Nobody else's is taken.
      ownedBy(SITE_USER, SITE_USER, {
        id: 'meilisearch/data-owner',
        after: ['meilisearch/program'],
        path: MEILISEARCH_DATA,
        wrong: ['-user', 'root'],
        inOrder: treesInOrder,
      }),
      runningService(SERVICES.meilisearch, {
        id: 'meilisearch/service',
        after: [
          'meilisearch/data-owner',
          'meilisearch/program',
          'meilisearch/unit',
          ...(makesFolders(version) ? ['meilisearch/dumps', 'meilisearch/snapshots'] : []),
        ],
        covers: ['files-first', 'meilisearch-production', 'meilisearch-enable', 'meilisearch-start'],
        async answers(host) {
          const sick = await unhealthy(host);
          if (sick !== undefined) return sick;
          const keys = await searchKeys(host, answers.secret('meilisearch.master-key'));
          return 'wrong' in keys ? keys.wrong : undefined;
        },
        explain: explainJournal,
      }),
    ];
    const site = (): readonly Operation[] => [
      settings({
        id: 'meilisearch/keys',
        title: 'search keys and address',
        after: [
          'meilisearch/service',
          'settings/production',
          ...(hasAnyRole(answers, 'search') ? [] : ['meilisearch/master-key', 'requirements']),
        ],
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
          instead: 'From Meilisearch 0.25 on, the key is sent as Authorization: Bearer.',
          why: 'These versions accept only that header; the documented one is rejected with 401.',
        },
        shell: [
          'curl -H "Authorization: Bearer $MASTER_KEY" http://localhost:7700/keys  # before 0.25: X-Meili-API-Key',
          'editor /var/www/blender-studio/studio/settings.py  # MEILISEARCH_PUBLIC_KEY, MEILISEARCH_PRIVATE_KEY, MEILISEARCH_API_ADDRESS',
        ],
        script: [
          `mapfile -t keys < <(printf '%s' ${ofSecret('meilisearch.master-key')} | python3 -I -c "$search_keys_program")`,
          `[ "\${#keys[@]}" -eq 2 ] || fail 'Meilisearch gives no keys for this master key.'`,
          ...settingsLines([
            textSetting(['MEILISEARCH_PUBLIC_KEY'], `"\${keys[0]}"`),
            textSetting(['MEILISEARCH_PRIVATE_KEY'], `"\${keys[1]}"`),
            textSetting(['MEILISEARCH_API_ADDRESS'], word(`https://${answers.text('domain')}/s/`)),
          ]),
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
        irreversible: 'the indexes stay; both commands are safe to repeat',
        missing: (host) => indexesMissing(host, answers),
        async apply(live) {
          for (const name of ['create_search_indexes', 'index_documents']) {
            await runManage(live, name);
          }
          const answer = await searchKeys(live, answers.secret('meilisearch.master-key'));
          const found = 'keys' in answer ? await indexed(live, version, answer.keys.private) : undefined;
          if (found !== undefined) await rememberIndexed(live, found.documents);
        },
      }),
    ];
    return [
      ...(runsEngine ? engine() : []),
      ...key(),
      ...(runsEngine ? unit() : []),
      ...(hasAnyRole(answers, ...CODE) ? site() : []),
    ];
  },
};
export default section;

/** @throws ProblemError for a path at which root neither runs nor writes a program */
async function programPath(host: Host, answers: Answers): Promise<string | undefined> {
  const unit = await deployed(host, answers, `${UNITS}/${SERVICES.meilisearch.unit}`);
  if (typeof unit !== 'string') return undefined;
  const path = wantedProgram(unit, answers.text('meilisearch.version'), await unitProgram(host));
  const why = await forbiddenProgram(host, path);
  if (why === undefined) return path;
  throw new ProblemError({
    what: `The repository's meilisearch.service starts ${path}. Root will not install or run a program there: ${why}.`,
    remedy: `Find out who wrote this (git -C ${CHECKOUT} log -p -- deploy${UNITS}/meilisearch.service). Change ExecStart= to a program in a folder owned by root, such as /usr/bin/meilisearch-${answers.text('meilisearch.version')}, then run again. Nothing was run or written there.`,
  });
}

async function programMissing(host: Host, answers: Answers): Promise<string | { later: string } | undefined> {
  const path = await programPath(host, answers);
  if (path === undefined) return { later: "needs the checkout's unit" };
  const status = await host.status(path);
  // Before anything is changed: a plan that can't be carried out is none.
  if (status === undefined) {
    wantedDigest(answers);
    return `${path} does not exist`;
  }
  if ((status.mode & 0o001) === 0) return `${path} is not executable by others`;
  const found = await programVersion(host, path);
  if (found === answers.text('meilisearch.version')) return undefined;
  wantedDigest(answers);
  return `${path} is ${found ?? 'a program that does not report its version'}`;
}

async function indexesMissing(host: Host, answers: Answers): Promise<string | { later: string } | undefined> {
  if ((await unhealthy(host)) !== undefined) return { later: 'needs Meilisearch running' };
  const answer = await searchKeys(host, answers.secret('meilisearch.master-key'));
  if ('wrong' in answer) return { later: `needs Meilisearch with this master key: ${answer.wrong}` };
  const found = await indexed(host, answers.text('meilisearch.version'), answer.keys.private);
  if (found === undefined || found.indexes === 0) return 'no indexes yet';
  // An index without documents may be a site without films, or a run that was killed in between.
  return found.documents > 0 || (await emptyOnPurpose(host)) ? undefined : 'the indexes are empty';
}
