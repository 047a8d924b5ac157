import type { MeilisearchVersion } from '../rehearsal/meilisearch/release.ts';
import { Proof } from '../rehearsal/proof.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { must, shell } from './operator.ts';

export const settingsFile = '/var/www/blender-studio/studio/settings.py';
export const keyFile = '/etc/blender-studio/meilisearch.env';

/** The secrets that `rotate` makes again, as they stand on the host. */
export interface Rotated {
  readonly master: string;
  readonly public: string;
  readonly private: string;
  readonly secretKey: string;
  readonly password: string;
}

/** Reads them as the site does: settings.py imported by its own Python. */
export async function rotated(host: Rehearsal): Promise<Rotated> {
  const script = `import json; from studio import settings as s
print(json.dumps({'public': s.MEILISEARCH_PUBLIC_KEY, 'private': s.MEILISEARCH_PRIVATE_KEY,
  'secretKey': s.SECRET_KEY, 'password': s.DATABASES['default']['PASSWORD']}))`;
  const printed = await must(
    host,
    ['sh', '-c', `cd /var/www/blender-studio && /var/www/venv/bin/python -B -c "$1"`, 'sh', script],
    { user: 'www-data' },
  );
  return { ...(JSON.parse(printed) as Omit<Rotated, 'master'>), master: await masterKey(host) };
}

/** @returns the master key that the running server was started with: of its own environment, whatever file gave it */
async function masterKey(host: Rehearsal): Promise<string> {
  const environment = await shell(
    host,
    "tr '\\0' '\\n' < /proc/$(systemctl show --property=MainPID --value meilisearch)/environ",
  );
  return /^MEILI_MASTER_KEY=(.*)$/m.exec(environment)?.[1] ?? '';
}

/** @returns the HTTP status with which Meilisearch answers a key that is to list indexes, or keys */
async function askedWith(
  host: Rehearsal,
  version: MeilisearchVersion,
  key: string,
  path: 'indexes/studio/search?q=ferry' | 'indexes' | 'keys',
): Promise<string> {
  const header = version === '0.24.0' ? 'X-Meili-API-Key:' : 'Authorization: Bearer';
  // The key by standard input: the watching of all processes runs meanwhile.
  return must(
    host,
    ['curl', '--silent', '--output', '/dev/null', '--write-out', '%{http_code}', '--config', '-'],
    {
      input: `header = "${header} ${key}"\nurl = "http://127.0.0.1:7700/${path}"\n`,
    },
  );
}

/**
 * The search is whole, with one master key, whichever: the file that owns it, the running server, settings.py and the
 * page of a visitor agree, nothing is left of the procedure, and none of the `dead` keys is taken.
 */
export async function wholeSearch(
  host: Rehearsal,
  version: MeilisearchVersion,
  dead: readonly string[] = [],
): Promise<void> {
  const now = await rotated(host);
  const owner = await shell(host, `cat ${keyFile} /etc/systemd/system/meilisearch.service || true`);
  if (!owner.includes(`MEILI_MASTER_KEY=${now.master}`))
    throw new Error('The file of the master key has another one.');
  const asked = async (key: string, path: Parameters<typeof askedWith>[3]) =>
    askedWith(host, version, key, path);
  const answers = [
    await asked(now.master, 'keys'),
    await asked(now.private, 'indexes'),
    await asked(now.public, 'indexes/studio/search?q=ferry'),
  ];
  if (answers.join() !== '200,200,200')
    throw new Error(`Master, private and public key are answered ${answers}.`);
  for (const key of dead) {
    const answer = await asked(key, 'indexes/studio/search?q=ferry');
    if (answer !== '401' && answer !== '403') throw new Error(`A dead key is answered ${answer}.`);
  }
  await new Proof(host, 'studio.example.org', version).search();
  const left = await shell(host, 'ls /etc/blender-studio /var/lib/studio-setup | grep pending || true');
  if (left !== '') throw new Error(`It left ${left}`);
}
