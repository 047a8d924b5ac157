import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { installedHost } from '../rehearsal/installed.ts';
import type { Operator } from '../rehearsal/operator.ts';
import { Proof } from '../rehearsal/proof.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { must, oneLine, shell } from './operator.ts';

export const site = '/var/www/blender-studio';
/** Where releases are kept. */
export const kept = '/var/backups/blender-studio-releases';

/** One host, and one installation on it: the tests are stations of its life, in their order. */
export let host: Rehearsal;
export let operator: Operator;
let proof: Proof;
/** Files of the site's repository, as they are at first. */
export let views: string;
let models: string;
export let lock: string;
export let common: string;

/** Gives the host with the site. @returns the commit that serves */
export async function bootSite(): Promise<string> {
  ({ host, operator } = await installedHost('generated'));
  proof = new Proof(host);
  const source = (file: string) => readFile(join(import.meta.dirname, '../rehearsal/site', file), 'utf8');
  views = await source('common/views.py');
  models = await source('films/models.py');
  lock = await source('poetry.lock');
  common = await source('studio/settings_common.py');
  return head();
}

const head = async () =>
  (await must(host, ['sudo', '-u', 'www-data', 'git', '-C', site, 'rev-parse', 'HEAD'])).trim();
const branch = async () =>
  (
    await must(host, ['sudo', '-u', 'www-data', 'git', '-C', site, 'rev-parse', '--abbrev-ref', 'HEAD'])
  ).trim();
const page = async () => (await host.internet.curl('https://studio.example.org/')).stdout;
export const tables = () =>
  shell(
    host,
    `sudo -u postgres psql --no-align --tuples-only studio --command "SELECT app || '.' || name FROM django_migrations WHERE app = 'films' ORDER BY id; SELECT column_name FROM information_schema.columns WHERE table_name = 'films_film' ORDER BY 1"`,
  );
export const release = (name: string) => ({ 'studio/release.py': `NAME = 'production ${name}'\n` });

/** The site is at this commit in all its parts, with nothing left over, and a run has nothing to do. */
export async function whole(commit: string, name?: string): Promise<void> {
  expect(await head()).toBe(commit);
  expect(await branch()).toBe('production');
  expect(await page()).toContain(name === undefined ? 'Release: production' : `Release: production ${name}`);
  expect(await must(host, ['sudo', '-u', 'www-data', 'git', '-C', site, 'status', '--porcelain'])).toBe('');
  expect(
    await shell(
      host,
      'ls -d /var/www/blender-studio.update /etc/blender-studio/update.pending 2>/dev/null || true',
    ),
  ).toBe('');
  await proof.https();
  await proof.databasePage();
  await proof.staticFile();
  await proof.search();
  console.log(await operator.runAgain(proof));
}

/** An update to branch `bad` fails, and the release before serves again, with its tables. @param words of the failure */
export async function comesBack(
  title: string,
  files: Readonly<Record<string, string>>,
  words: RegExp,
  now: string,
): Promise<void> {
  const before = await tables();
  await host.internet.git.commit(title, { ...release('bad'), ...files }, 'bad');
  const ran = await operator.start('update', 'bad');
  expect(ran.code, ran.stdout).toBe(1);
  expect(oneLine(`${ran.stdout}${ran.stderr}`)).toMatch(words);
  expect(oneLine(ran.stdout)).toContain('as before.');
  expect(await tables()).toBe(before);
  await whole(now, '2');
}

export const migration = (number: string, name: string, before: string, operations: string) => ({
  [`films/migrations/${number}_${name}.py`]: `from django.db import migrations, models


def fill(apps, schema_editor):
    pass


def fail(apps, schema_editor):
    raise RuntimeError('this migration fails')


class Migration(migrations.Migration):
    dependencies = [('films', '${before}')]
    operations = [${operations}]
`,
});
export const length = "migrations.AddField('Film', 'length', models.IntegerField(null=True))";
export const withLength = () =>
  models.replace('    class Meta:', '    length = models.IntegerField(null=True)\n\n    class Meta:');
