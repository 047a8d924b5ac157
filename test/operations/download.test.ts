import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { command } from '../../src/operations/command.ts';
import { type Download, fetchProgram, sha256Of } from '../../src/operations/download.ts';
import { coreutils } from '../host/fake/coreutils.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';
import { type Machine, table } from './table.ts';

const PATH = '/usr/bin/meilisearch';
const LOCAL = '/root/meilisearch-linux-amd64';
const URL = 'https://example.org/meilisearch-linux-amd64';
const PROGRAM = 'the program';
const SUM = createHash('sha256').update(PROGRAM).digest('hex');

/** The product's own script, by Python's urllib: it writes a new file, or fails with a traceback and code 1. */
const web =
  (content: string | undefined) =>
  ({ host }: Machine) =>
    host.programs.add(
      when(/^\/usr\/bin\/python3 -I -c /, ({ argv }) => {
        const [url, file = ''] = argv.slice(-2);
        expect(url).toBe(URL);
        if (content === undefined)
          return { code: 1, stderr: 'urllib.error.HTTPError: HTTP Error 404: Not Found\n' };
        expect(host.tree.find(file)).toBeUndefined();
        host.tree.put(file, content);
        return {};
      }),
    );

/** As steps/meilisearch.ts has it: a command that looks for the program. */
const wanted = (more: Partial<Download> = {}) => {
  const download = { path: PATH, source: URL, sha256: SUM, ...more };
  return command({
    id: 'meilisearch/program',
    title: PATH,
    shell: [`curl -fLo ${PATH} ${URL}`],
    async missing(host) {
      if ((await host.status(PATH)) === undefined) return 'there is none';
      return (await sha256Of(host, PATH)) === SUM ? undefined : 'it is another';
    },
    apply: async (live) => {
      await fetchProgram(live, download);
    },
  });
};
const PARTIAL = `${PATH}.studio-setup-partial`;
const THERE = { text: PROGRAM, mode: 0o755 };
const BIN = { '/usr/bin': { folder: true } } as const;

table('download', [
  {
    title: 'fetched, and moved to its place when it is the one',
    operation: wanted(),
    before: BIN,
    arrange: web(PROGRAM),
    change: { kind: 'run', summary: `${PATH}: there is none` },
    after: { [PATH]: THERE, [PARTIAL]: null },
    midway: [
      {
        plant: { exec: 2, result: { code: 1 } },
        fails: /could not be downloaded/,
        left: { [PATH]: null, [PARTIAL]: null },
      },
      {
        plant: { exec: 3, result: { code: 1 } },
        fails: /command failed: chmod/,
        left: { [PATH]: null, [PARTIAL]: null },
      },
      { plant: { exec: 4, result: 'killed' }, left: { [PATH]: null } },
    ],
  },
  {
    title: 'a file of this server',
    operation: wanted({ source: LOCAL }),
    before: { ...BIN, [LOCAL]: { text: PROGRAM, mode: 0o600, owner: 'www-data' } },
    change: { kind: 'run' },
    after: { [PATH]: THERE, [LOCAL]: { text: PROGRAM, mode: 0o600, owner: 'www-data' } },
    ran: [
      `rm -f -- ${PARTIAL}`,
      `cp --no-preserve=all -- ${LOCAL} ${PARTIAL}`,
      `chmod 0755 ${PARTIAL}`,
      `mv -fT -- ${PARTIAL} ${PATH}`,
    ],
  },
  {
    title: 'in the place of another version',
    operation: wanted(),
    before: { [PATH]: { text: 'older', mode: 0o755 } },
    arrange: web(PROGRAM),
    change: { summary: `${PATH}: it is another` },
    after: { [PATH]: THERE },
    midway: [
      {
        plant: { exec: 4, result: { code: 1 } },
        fails: /command failed: mv/,
        left: { [PATH]: { text: 'older', mode: 0o755 }, [PARTIAL]: null },
      },
    ],
  },
  {
    title: 'over what a killed run left',
    operation: wanted(),
    before: { [PARTIAL]: 'the pro' },
    arrange: web(PROGRAM),
    change: { kind: 'run' },
    after: { [PATH]: THERE, [PARTIAL]: null },
  },
  { title: 'up to date', operation: wanted(), before: { [PATH]: THERE }, upToDate: true },
  {
    title: 'a digest in capitals is the same',
    operation: wanted({ sha256: SUM.toUpperCase() }),
    before: BIN,
    arrange: web(PROGRAM),
    change: { kind: 'run' },
    after: { [PATH]: THERE },
  },
  {
    title: 'another file than was asked for',
    operation: wanted(),
    before: { [PATH]: { text: 'older', mode: 0o755 } },
    arrange: web('hostile'),
    change: { kind: 'run' },
    fails: { what: /its SHA-256 is [0-9a-f]{64} \(expected/, remedy: /Nothing was installed/ },
    after: { [PATH]: { text: 'older', mode: 0o755 }, [PARTIAL]: null },
  },
  {
    title: 'an address that does not answer',
    operation: wanted(),
    before: BIN,
    arrange: web(undefined),
    change: { kind: 'run' },
    fails: { what: /could not be downloaded/, remedy: /curl -fLO https:/ },
    after: { [PATH]: null, [PARTIAL]: null },
  },
  {
    title: 'a file that is not there',
    operation: wanted({ source: LOCAL }),
    before: BIN,
    change: { kind: 'run' },
    fails: { what: /command failed: cp/ },
    after: { [PATH]: null, [PARTIAL]: null },
  },
]);

describe('the SHA-256 of a file', () => {
  it('that is not there is no digest', async () => {
    const host = new FakeHost();
    host.programs.add(coreutils(host));
    await expect(sha256Of(host, '/none')).rejects.toThrow(/SHA-256 of \/none could not be computed/);
  });
});
