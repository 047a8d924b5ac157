import { SETTINGS_FILE } from '../backup/settings.ts';
import type { Host } from '../host/host.ts';
import { isFor, lineages, liveFolder } from '../site/certificate.ts';
import { CHECKOUT, MEILISEARCH_KEY_FILE, SETTINGS, SITE_USER, WWW } from '../site/layout.ts';
import { currentMasterKey } from '../site/meilisearch.ts';
import { namesOf } from '../site/names.ts';
import { SERVICES } from '../site/services.ts';
import { showUnits, unitState } from '../site/units.ts';
import { CHANNELS_FILE } from '../watch/channels.ts';
import { allowed, present } from './access.ts';
import { type Check, type Fix, failing, fine } from './check.ts';
import { MEILISEARCH_FIXES } from './fixes.ts';

/** As whom it is tried: an account of no group but its own, which every Debian has. */
const STRANGER = 'nobody';

/** By file, what closes it again; a person has to close all others. */
const FIXED_BY: Readonly<Record<string, readonly Fix[]>> = {
  [SETTINGS]: ['settings/production'],
  [MEILISEARCH_KEY_FILE]: ['meilisearch/master-key'],
};

export const secretsAreClosed: Check = {
  id: 'secrets',
  title: 'Secrets',
  asks: 'Tries, as nobody, to read the files that hold secrets: settings.py and copies of it, the master key, private keys, logins for git. Checks that neither systemd nor the process list shows the master key.',
  means:
    "Every account on this server can read the site's secrets, even the account of a program that was broken into.",
  fixes: [...Object.values(FIXED_BY).flat(), ...MEILISEARCH_FIXES],
  async run(host, answers) {
    const files = await secretFiles(host, namesOf(answers)[0]);
    const [open, told] = await Promise.all([allowed(host, STRANGER, 'readable', files), toldOf(host)]);
    if (open.length + told.length === 0)
      return fine('Other users can read no file with secrets: tried as nobody.');
    const byHand = open.filter((path) => FIXED_BY[path] === undefined);
    return failing(
      `Other users can read ${[...open, ...told].join(', ')}.`,
      [
        byHand.length > 0 ? `Close them: chmod o-rwx ${byHand.join(' ')}.` : '',
        open.length > byHand.length ? 'Run: studio-setup run settings meilisearch.' : '',
        told.length > 0 ? 'Run: studio-setup run meilisearch.' : '',
        'If somebody may have read them, replace these secrets: studio-setup rotate --help',
      ]
        .filter((part) => part !== '')
        .join(' '),
      [...open.flatMap((path) => FIXED_BY[path] ?? []), ...(told.length > 0 ? MEILISEARCH_FIXES : [])],
    );
  },
};

async function secretFiles(host: Host, domain: string): Promise<readonly string[]> {
  const below = async (folder: string, pattern: RegExp) =>
    (await host.list(folder)).filter((name) => pattern.test(name)).map((name) => `${folder}/${name}`);
  const git = `${CHECKOUT}/.git/config`;
  // As the site's account, which could have put a link there; what it can't read itself is closed to others too.
  const configuration = await host.read(git, { as: SITE_USER }).catch(() => undefined);
  const withLogin = /:\/\/[^/\s:]+:[^@\s]+@|https?:\/\/[^/@\s]+@/.test(configuration ?? '');
  return present(host, [
    SETTINGS,
    // An editor's or a careful person's copy holds the same secrets.
    ...(await below(`${CHECKOUT}/studio`, /^\.?settings\.py.+/)),
    ...(await below(`${CHECKOUT}/studio/__pycache__`, /^settings\./)),
    MEILISEARCH_KEY_FILE,
    CHANNELS_FILE,
    SETTINGS_FILE,
    '/var/lib/studio-setup',
    '/var/log/studio-setup',
    ...(await lineages(host))
      .filter((each) => isFor(each, domain))
      .map(({ name }) => `${liveFolder(name)}/privkey.pem`),
    `${WWW}/.netrc`,
    `${WWW}/.git-credentials`,
    ...(await below(`${WWW}/.ssh`, /^id_(?!.*\.pub$)/)),
    ...(withLogin ? [git] : []),
  ]);
}

/** What no file's mode closes: a unit's Environment= and the arguments of a process are everybody's to read (trap 8). */
async function toldOf(host: Host): Promise<readonly string[]> {
  const key = (await currentMasterKey(host))?.reveal();
  if (key === undefined) return [];
  const { mainPid } = await unitState(host, SERVICES.meilisearch.unit);
  const [unit, process] = await Promise.all([
    showUnits(host, ['--property=Environment,ExecStart'], [SERVICES.meilisearch.unit], {
      as: STRANGER,
      timeoutMs: 8000,
    }),
    mainPid === 0
      ? { stdout: '' }
      : host.query(['cat', `/proc/${mainPid}/cmdline`], { as: STRANGER, quiet: true }),
  ]);
  return [
    ...(unit.includes(key) ? ['the master key in meilisearch.service (systemctl show)'] : []),
    ...(process.stdout.includes(key) ? ["the master key among Meilisearch's arguments (ps)"] : []),
  ];
}
