import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { type Command, command, requirement } from '../../src/operations/command.ts';
import { ProblemError } from '../../src/output/problem.ts';
import { absent, when } from '../host/fake/programs.ts';
import { type Machine, table } from './table.ts';

const MARK = '/var/lib/site/locale';
/** A program that leaves a file, as locale-gen does. */
const arrange = ({ host }: Machine) =>
  host.programs.add(
    when(/^locale-gen /, () => {
      host.tree.put(MARK, 'en_US.UTF-8\n');
      return 'Generating locales\n';
    }),
  );
const generated = async (host: Host) =>
  (await host.status(MARK)) === undefined ? 'en_US.UTF-8 is not there' : undefined;
const wanted = (more: Partial<Command> = {}) =>
  command({
    id: 'site/locale',
    title: 'the locale',
    missing: generated,
    shell: ['locale-gen en_US.UTF-8'],
    apply: async (live) => void (await live.run(['locale-gen', 'en_US.UTF-8'])),
    ...more,
  });

table('command', [
  {
    title: 'what is missing is brought about',
    operation: wanted(),
    arrange,
    change: {
      kind: 'run',
      summary: 'the locale: en_US.UTF-8 is not there',
      shell: ['locale-gen en_US.UTF-8'],
    },
    ran: ['locale-gen en_US.UTF-8'],
    after: { [MARK]: 'en_US.UTF-8\n' },
    midway: [
      {
        plant: { exec: 1, result: { code: 3, stderr: 'no charmaps\n' } },
        fails: /The command failed: locale-gen/,
        left: { [MARK]: null },
      },
      { plant: { exec: 1, result: 'killed' }, left: { [MARK]: null } },
    ],
  },
  { title: 'up to date', operation: wanted(), before: { [MARK]: '' }, upToDate: true },
  {
    title: 'later, with what it will write',
    operation: wanted({ missing: async () => ({ later: 'needs the checkout' }), touches: [MARK] }),
    later: 'needs the checkout',
  },
  {
    title: 'what it does beside its files is said',
    operation: wanted({ irreversible: 'stays', restarts: ['studio.service'], touches: [MARK] }),
    arrange,
    change: { irreversible: 'stays', restarts: ['studio.service'], touches: [MARK] },
  },
  {
    title: 'a program that fails',
    operation: wanted(),
    arrange: ({ host }) =>
      host.programs.add(when(/^locale-gen /, () => ({ code: 1, stderr: 'No space left on device\n' }))),
    change: { kind: 'run' },
    fails: { what: /disk is full/, remedy: /df -h/ },
    after: { [MARK]: null },
  },
  {
    title: 'a program that is not installed',
    operation: wanted(),
    arrange: ({ host }) => host.programs.add(absent('locale-gen')),
    change: { kind: 'run' },
    fails: { what: /command failed: locale-gen/, remedy: /not installed/ },
  },
  {
    title: 'the operator stops it',
    operation: wanted(),
    arrange: ({ host }) => host.stop(),
    change: { kind: 'run' },
    stopped: true,
    after: { [MARK]: null },
  },
]);

table('requirement', [
  {
    title: 'met',
    operation: requirement({ id: 'r/met', title: 'r', check: async () => {} }),
    upToDate: true,
  },
  {
    title: 'not met',
    operation: requirement({
      id: 'r/not',
      title: 'r',
      check: async (host) => {
        if ((await host.status('/run/systemd/system')) === undefined)
          throw new ProblemError({ what: 'There is no systemd.', remedy: 'Take a host that has it.' });
      },
    }),
    refused: { what: /no systemd/, remedy: /Take a host/ },
  },
]);

describe('what a requirement waits for', () => {
  it.each([
    ['nothing, when it does not say', undefined, []],
    ['what it says', ['other/op'], ['other/op']],
  ] as const)('%s', (_, after, expected) => {
    const wanted = { id: 'r/r', title: 'r', check: async () => {} };
    expect(requirement({ ...wanted, ...(after ? { after } : {}) }).after).toEqual(expected);
  });
});
