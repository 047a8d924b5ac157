import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ansible } from '../rehearsal/ansible.ts';
import { must } from '../rehearsal/process.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { virtualenv } from '../rehearsal/virtualenv.ts';
import { documentVariables, product, unattended } from './fresh-host.ts';
import { outputFile, sample } from './sample.ts';

/** Programs that bring a host to a state, and were asked for the site's. */
type Tool = 'studio-setup' | 'Ansible' | 'pyinfra';

/** What one of them takes to find that nothing is to be done. */
export interface NoOp {
  readonly tool: Tool;
  readonly version: string;
  /** Things that it looked at, as it counts them itself. */
  readonly items: number;
  /** Seconds, one value for each time. */
  readonly seconds: readonly number[];
  /** Seconds of processor time, likewise. */
  readonly cpu: readonly number[];
}

const times = 5;
/** The playbook and the deploy, and the virtualenvs beside it, on the host. */
const folder = '/opt/no-op';

interface Competitor {
  readonly tool: Tool;
  readonly version: readonly string[];
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /**
   * @param output of one start
   * @returns how many things it looked at
   * @throws {Error} when it changed one
   */
  readonly items: (output: string) => number;
}

/**
 * Measures the three in turn, so that other work on the machine meets all of them.
 * @param host installed by the product. Afterwards it has more than an operator's host: it serves no other measurement
 * @throws {Error} when one of them finds something to do
 */
export async function noOps(host: Rehearsal): Promise<readonly NoOp[]> {
  await furnish(host);
  const measured: { tool: Tool; items: number; seconds: number; cpu: number }[] = [];
  const competitors = await competitorsOn(host);
  // The first round reads the programs from the disk.
  for (let round = 0; round <= times; round++) {
    for (const { tool, argv, env, items } of competitors) {
      const { seconds, cpu } = await sample(host, argv, { env });
      const seen = items(await host.read(outputFile));
      if (round > 0) measured.push({ tool, items: seen, seconds, cpu });
    }
  }
  return Promise.all(
    competitors.map(async ({ tool, version, env }) => {
      const own = measured.filter((each) => each.tool === tool);
      const { stdout } = await host.exec(version, { env });
      return {
        tool,
        version: /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? 'of unknown version',
        items: own[0]?.items ?? 0,
        seconds: own.map(({ seconds }) => seconds),
        cpu: own.map(({ cpu }) => cpu),
      };
    }),
  );
}

async function competitorsOn(host: Rehearsal): Promise<readonly Competitor[]> {
  const data = Object.entries(await dataOf(host)).map(([name, value]) => `${name}=${value}`);
  const path = (name: string) => ({
    PATH: `/opt/${name}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin`,
  });
  const there = ['env', `--chdir=${folder}`];
  return [
    {
      tool: 'studio-setup',
      version: [...product, '--version'],
      argv: [...product, 'run', ...unattended, '--json'],
      env: {},
      items: itemsOfProduct,
    },
    {
      tool: 'Ansible',
      version: ['ansible', '--version'],
      argv: [...there, 'ansible-playbook', 'site.yml', ...data.flatMap((each) => ['--extra-vars', each])],
      env: { ...path('ansible'), ANSIBLE_NOCOLOR: '1' },
      items: itemsOfAnsible,
    },
    {
      tool: 'pyinfra',
      version: ['pyinfra', '--version'],
      argv: [...there, 'pyinfra', '-y', '@local', 'site.py', ...data.flatMap((each) => ['--data', each])],
      env: path('pyinfra'),
      items: itemsOfPyinfra,
    },
  ];
}

/** @param output of `run --json` @throws {Error} when it changed something */
export function itemsOfProduct(output: string): number {
  const records = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { type: string; changed?: number; unchanged?: number });
  const end = records.find(({ type }) => type === 'run-finished');
  if (end?.changed !== 0 || end.unchanged === undefined)
    throw new Error(`studio-setup had something to do:\n${output.slice(-2000)}`);
  return end.unchanged + records.filter(({ type }) => type === 'check').length;
}

/** @param output of ansible-playbook @throws {Error} when it changed something, or left something out */
export function itemsOfAnsible(output: string): number {
  const recap = /^localhost\s.*$/m.exec(output)?.[0] ?? '';
  if (!/\schanged=0\s+unreachable=0\s+failed=0\s+skipped=0\s/.test(recap))
    throw new Error(`Ansible had something to do:\n${output.slice(-4000)}`);
  return output.match(/^ok: \[localhost\]/gm)?.length ?? 0;
}

/** @param output of pyinfra @throws {Error} when it changed something */
export function itemsOfPyinfra(output: string): number {
  const [, all, success, error, unchanged] =
    /^\s*Grand total\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)/m.exec(output) ?? [];
  if (success !== '-' || error !== '-' || all === undefined || all !== unchanged)
    throw new Error(`pyinfra had something to do:\n${output.slice(-4000)}`);
  return Number(all);
}

async function dataOf(host: Rehearsal): Promise<Readonly<Record<string, string>>> {
  const { DOMAIN, REPOSITORY, ACME, MEILISEARCH } = await documentVariables(host);
  const { sha256 } = await host.internet.meilisearch('0.25.2');
  return {
    domain: DOMAIN,
    repository: REPOSITORY,
    acme: ACME,
    meilisearch_url: MEILISEARCH,
    meilisearch_sha256: sha256,
  };
}

/** Puts the two others on the host, and beside them the files that they are to hold up: those that the product wrote. */
async function furnish(host: Rehearsal): Promise<void> {
  const report = (line: string) => console.error(line);
  const sources = join(import.meta.dirname, 'no-op');
  const requirements = join(sources, 'requirements.txt');
  await putFolder(host, sources, folder);
  await putFolder(host, await ansible(report), '/opt/ansible');
  await putFolder(
    host,
    await virtualenv({ name: 'pyinfra', what: 'pyinfra', requirements }, report),
    '/opt/pyinfra',
  );
  // What Ansible's module for apt needs.
  const script = `
    export DEBIAN_FRONTEND=noninteractive
    apt-get install --quiet --yes --no-install-recommends python3-apt
    mkdir ${folder}/files
    cp --parents --target-directory ${folder}/files \
      /etc/systemd/system/{meilisearch.service,studio.service,studio-*.*} \
      /var/www/config/* /var/www/.config/pypoetry/config.toml /var/www/blender-studio/studio/settings.py \
      /etc/blender-studio/meilisearch.env /etc/letsencrypt/renewal-hooks/deploy/reload-nginx`;
  const { code, stderr } = await host.exec(['bash', '-ec', script]);
  if (code !== 0) throw new Error(`Ansible and pyinfra could not be put on the host: ${stderr.trim()}`);
}

async function putFolder(host: Rehearsal, from: string, to: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'studio-setup-bench-'));
  try {
    const archive = join(scratch, 'folder.tar');
    await must(['tar', '--create', '--file', archive, '--directory', from, '.']);
    const unpack = 'mkdir -p "$1" && tar --extract --no-same-owner --directory "$1"';
    const { code, stderr } = await host.exec(['sh', '-ec', unpack, 'sh', to], {
      input: await readFile(archive),
    });
    if (code !== 0) throw new Error(`${to} could not be filled on the host: ${stderr.trim()}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
