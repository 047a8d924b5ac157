import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import type { Change } from '../../src/engine/operation.ts';
import type { FileStatus, Host } from '../../src/host/host.ts';
import { DEPLOY, UNITS } from '../../src/site/layout.ts';
import section from '../../steps/configuration-files.ts';
import { sections } from '../../steps/index.ts';

const PLAIN = '[Service]\nUser=www-data\nGroup=www-data\nExecStart=/usr/bin/true\n';
const FILE: FileStatus = { type: 'file', mode: 0o644, owner: 'root', group: 'root', size: 0, modified: 0 };

interface Given {
  /** Units of the checkout. */
  readonly brought: Readonly<Record<string, string>>;
  /** Files of the host. */
  readonly there?: Readonly<Record<string, string>>;
  /** What the product wrote at its last run. */
  readonly wrote?: Readonly<Record<string, string>>;
}

/** @returns what would be done, and what the operator is told */
async function observed({ brought, there = {}, wrote = {} }: Given) {
  const told: string[] = [];
  const door: Partial<Host> = {
    once: (_, compute) => compute(),
    list: async (folder) => (folder === `${DEPLOY}${UNITS}` ? Object.keys(brought) : []),
    status: async (path) => (path in there ? FILE : undefined),
    read: async (path) =>
      path.startsWith(DEPLOY) ? brought[path.slice(`${DEPLOY}${UNITS}/`.length)] : there[path],
    query: async () => ({ code: 0, stdout: '', stderr: '' }),
    written: async (path) => {
      const text = wrote[path];
      return text === undefined ? undefined : { sha256: createHash('sha256').update(text).digest('hex') };
    },
    mayOverwrite: () => false,
    warn: (message) => told.push(message),
  };
  const operations = section.operations(exampleAnswers(sections));
  const others = operations.find(({ id }) => id === 'configuration-files/others');
  const change = (await others?.observe(door as Host)) as Change | undefined;
  return { change, told };
}

const own = `${UNITS}/helper.service`;
const before = { [`${UNITS}/studio.service`]: PLAIN };

describe('a unit of the checkout that the document does not name', () => {
  test('comes with a first installation', async () => {
    const { change, told } = await observed({ brought: { 'helper.service': PLAIN } });
    expect(change).toMatchObject({ kind: 'create', summary: own });
    expect([change?.conflict, told]).toEqual([undefined, []]);
  });

  test.each<[string, Given, string]>([
    ['that runs as root', { brought: { 'helper.service': PLAIN.replace('www-data', 'root') } }, 'User=root'],
    [
      'that was not there at the last run',
      { brought: { 'helper.service': PLAIN }, wrote: before },
      'it did not exist at the last run',
    ],
    [
      'that systemd would listen for',
      { brought: { 'helper.socket': '[Socket]\nListenStream=1\n' } },
      'a socket unit',
    ],
  ])('%s needs a word', async (_, given, doubt) => {
    const { change } = await observed(given);
    expect(change?.conflict?.doubts).toContain(doubt);
  });

  test('follows a change when the product wrote it', async () => {
    const { change } = await observed({
      brought: { 'helper.service': PLAIN.replace('true', 'false') },
      there: { [own]: PLAIN },
      wrote: { ...before, [own]: PLAIN },
    });
    expect(change).toMatchObject({ summary: own });
    expect(change?.conflict).toBeUndefined();
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      "has a package's name",
      { '/usr/lib/systemd/system/helper.service': PLAIN },
      /a package owns \/usr\/lib/,
    ],
    [
      'has the name of what somebody else installed',
      { [own]: '[Service]\nExecStart=/opt/other\n' },
      /a different \S+ exists/,
    ],
  ])('is never installed where it %s', async (_, there, why) => {
    const { change, told } = await observed({ brought: { 'helper.service': PLAIN }, there, wrote: before });
    expect(change).toBeUndefined();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(why);
  });

  test('is one of few: else whoever fills the folder holds up every run', async () => {
    const brought = Object.fromEntries(
      Array.from({ length: 51 }, (_, index) => [`u${index}.service`, PLAIN]),
    );
    await expect(observed({ brought })).rejects.toThrow('The checkout has 51 units');
  });
});
