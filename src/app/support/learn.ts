import type { Host } from '../../host/host.ts';
import { distrust } from '../../host/trusted-path.ts';
import { redactor } from '../../output/redaction.ts';
import { likelySecretsIn } from '../../output/secret-patterns.ts';
import { CHECKOUT, MEILISEARCH_KEY_FILE, SETTINGS, SITE_UNITS, SITE_USER, WWW } from '../../site/layout.ts';
import { showUnits } from '../../site/units.ts';

/** Logins that programs of the site's account keep: netrc(5), git-credential-store(1), libpq's password file. */
const LOGINS = [`${WWW}/.netrc`, `${WWW}/.git-credentials`, `${WWW}/.pgpass`, `${CHECKOUT}/.git/config`];

/**
 * Teaches the funnel what stands in files that hold secrets, also under names that no question of the product asks for: a log
 * may repeat such a value where nothing shows what it is. The files themselves are not taken.
 * @returns why one of them could not be read, by its path; what it holds is then known by its looks alone
 */
export async function learnFromFiles(host: Host): Promise<ReadonlyMap<string, string>> {
  const unread = new Map<string, string>();
  const settings = (await host.list(`${CHECKOUT}/studio`))
    .filter((name) => /^\.?settings\.py/.test(name))
    .map((name) => `${CHECKOUT}/studio/${name}`);
  const ofSite = [...new Set([SETTINGS, ...settings]), ...LOGINS];
  const ofRoot = [MEILISEARCH_KEY_FILE, ...(await environmentFiles(host, unread))];
  const texts = await Promise.all([
    ...ofSite.map((file) => textOf(host, file, unread, SITE_USER)),
    // Where another account decides what stands there, root does not read it.
    ...[...new Set(ofRoot)].map(async (file) =>
      textOf(host, file, unread, (await distrust(host, file)) && SITE_USER),
    ),
  ]);
  for (const text of texts) {
    for (const value of likelySecretsIn(text)) redactor.learn(value);
    // host:port:database:user:password
    for (const [, value = ''] of text.matchAll(/^(?:[^:\n]*:){4}([^:\n]+)$/gm)) redactor.learn(value);
  }
  return unread;
}

/**
 * What systemd is told to give the site's services: `Environment=` and arguments teach the funnel at once.
 * @returns the files that `EnvironmentFile=` names: systemd reads them as root, and so does this
 */
async function environmentFiles(host: Host, unread: Map<string, string>): Promise<readonly string[]> {
  const services = SITE_UNITS.filter((name) => name.endsWith('.service'));
  const properties = '--property=EnvironmentFiles,Environment,ExecStart';
  try {
    const shown = await showUnits(host, [properties], services, { timeoutMs: 8000 });
    for (const value of likelySecretsIn(shown)) redactor.learn(value);
    return [...shown.matchAll(/^EnvironmentFiles=(\/.*?)(?: \(ignore_errors=\w+\))?$/gm)].map(
      ([, file = '']) => file,
    );
  } catch (error) {
    unread.set('the environment of the units', messageOf(error));
    return [];
  }
}

async function textOf(
  host: Host,
  file: string,
  unread: Map<string, string>,
  as: string | undefined,
): Promise<string> {
  try {
    return (await host.read(file, as === undefined ? {} : { as })) ?? '';
  } catch (error) {
    unread.set(file, messageOf(error));
    return '';
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
