import { Proof } from '../rehearsal/proof.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { must, shell } from './operator.ts';

/** A site's names as somebody outside finds them. */
export interface Reached {
  readonly domain: string;
  readonly extra?: readonly string[];
  /** Names that lead to the domain. */
  readonly lead?: readonly string[];
  /** Names that are not answered. */
  readonly gone?: readonly string[];
}

/** All of the site has these names and no other: each as visitors see it, its certificate, its settings, its database. */
export async function wholeSite(
  host: Rehearsal,
  { domain, extra = [], lead = [], gone = [] }: Reached,
): Promise<void> {
  const proof = new Proof(host, domain);
  await proof.https([domain, ...extra]);
  await proof.databasePage();
  await proof.search();
  for (const name of lead) {
    for (const [method, wanted] of [
      ['GET', 301],
      ['POST', 308],
    ] as const) {
      const answer = await asked(host, '--request', method, `https://${name}/films?q=1`);
      if (answer !== `${wanted} https://${domain}/films?q=1`)
        throw new Error(`${method} https://${name}/films?q=1 returned ${answer}`);
    }
    const plain = await asked(host, `http://${name}/films`);
    if (plain !== `301 https://${domain}/films`) throw new Error(`http://${name}/ leads to ${plain}`);
  }
  for (const name of gone) {
    const answer = await asked(host, `https://${name}/`);
    if (!answer.startsWith('000')) throw new Error(`https://${name}/ returned ${answer}`);
  }
  const allowed = await allowedHosts(host);
  const lacking = [domain, ...extra].filter((name) => !allowed.includes(name));
  const further = [...lead, ...gone].filter((name) => allowed.includes(name));
  if (lacking.length + further.length > 0)
    throw new Error(`ALLOWED_HOSTS lacks ${lacking}, and has ${further}`);
  const left = await shell(
    host,
    'ls /etc/blender-studio /var/lib/studio-setup /etc/nginx/sites-enabled | grep -E "pending|new-domain" || true',
  );
  if (left !== '') throw new Error(`It left ${left}`);
}

/** @returns status and where it leads, `000` for no answer at all; with the certificate verified */
async function asked(host: Rehearsal, ...args: readonly string[]): Promise<string> {
  const said = ['--output', '/dev/null', '--write-out', '%{http_code} %{redirect_url}'];
  return (await host.internet.curl('--max-time', '60', ...said, ...args)).stdout.trim();
}

/** As the site's own Python imports them. */
async function allowedHosts(host: Rehearsal): Promise<readonly string[]> {
  const script = 'import json; from studio import settings; print(json.dumps(settings.ALLOWED_HOSTS))';
  const printed = await must(
    host,
    ['sh', '-c', `cd /var/www/blender-studio && /var/www/venv/bin/python -B -c "$1"`, 'sh', script],
    { user: 'www-data' },
  );
  return JSON.parse(printed) as string[];
}

/** @returns the certificates that certbot keeps and renews, by name */
export async function certificates(host: Rehearsal): Promise<readonly string[]> {
  const listed = await shell(host, 'cd /etc/letsencrypt/renewal && ls *.conf');
  return listed
    .trim()
    .split('\n')
    .map((name) => name.replace(/\.conf$/, ''))
    .sort();
}
