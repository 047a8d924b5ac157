import { expect, test } from 'vitest';
import { unitsOfRoot } from '../../src/checks/root-units.ts';
import { secretsAreClosed } from '../../src/checks/secrets.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import type { Host } from '../../src/host/host.ts';
import { ProblemError } from '../../src/output/problem.ts';
import { freePort } from '../../src/requirements/ports.ts';
import { MEILISEARCH_KEY_FILE, UNITS } from '../../src/site/layout.ts';
import { askUnits, unitState } from '../../src/site/units.ts';
import { sections } from '../../steps/index.ts';
import { given } from '../host/given.ts';

// systemctl(1) of systemd 252: `show` ends with 0 for a unit that is not there, and says so.
const ABSENT = 'Id=studio.service\nLoadState=not-found\nActiveState=inactive\n';

const answers = exampleAnswers(sections);

/** What systemctl says when it can't be asked: killed, out of time, without a bus, unable to start. */
const FAILURES = [
  { code: 1, stderr: 'Failed to connect to bus: No such file or directory\n' },
  { code: 124, stdout: 'Id=studio.service\n' },
  { code: 137 },
  { code: 127, stderr: 'spawn systemctl EACCES' },
] as const;

/** Whoever asks systemd for a unit, and what it would take for the answer: none of them is one. */
const ASKED: readonly { readonly who: string; readonly ask: (host: Host) => Promise<unknown> }[] = [
  { who: 'the state of a service', ask: (host) => unitState(host, 'studio.service') },
  { who: 'the state of a unit that is not one of the site', ask: (host) => unitState(host, 'other.service') },
  { who: 'the accounts of units', ask: (host) => unitsOfRoot.run(host, answers) },
  { who: "a port's own unit", ask: (host) => freePort(host, 80, 'nginx.service') },
  {
    who: 'what a unit tells everybody',
    ask: (host) => secretsAreClosed.run(host, answers),
  },
];

function asked(systemctl: string | { readonly code: number }) {
  return given({
    files: {
      [`${UNITS}/studio.service`]: '[Service]\nUser=www-data\n',
      [MEILISEARCH_KEY_FILE]: 'MEILI_MASTER_KEY=0123456789abcdef\n',
    },
    programs: {
      find: '',
      'systemctl show': systemctl,
      'ss -Hltnp': 'LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=77,fd=6))\n',
    },
  });
}

test.each(ASKED.flatMap(({ who, ask }) => FAILURES.map((failure) => ({ who, ask, failure }))))(
  'could not be asked is not an answer: $who, $failure',
  async ({ ask, failure }) => {
    const error = await ask(asked(failure)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    const { what, remedy } = (error as ProblemError).problem;
    expect(what).toMatch(/can't be (asked|told)/);
    expect(what).toContain('stderr' in failure ? failure.stderr.trim() : `exit code ${failure.code}`);
    expect(remedy).not.toBe('');
  },
);

test('a unit that is not there is an answer', async () => {
  expect(await unitState(asked(ABSENT), 'other.service')).toMatchObject({
    loaded: false,
    active: 'inactive',
  });
});

test('an answer without the unit is none', async () => {
  await expect(unitState(asked(''), 'studio.service')).rejects.toThrow(
    /studio\.service: systemctl does not list it/,
  );
});

test('who holds a port could not be asked', async () => {
  const host = given({ programs: { 'ss -Hltnp': { code: 1, stderr: 'Cannot open netlink socket\n' } } });
  await expect(freePort(host, 80, 'nginx.service')).rejects.toThrow(
    /could not be determined: Cannot open netlink socket/,
  );
});

/** @returns a host whose units are all active, and for how many of them systemctl was asked each time */
function counted(): { host: Host; times: number[] } {
  const times: number[] = [];
  const host: Host = {
    ...given({}),
    async query(argv) {
      const units = argv.slice(argv.indexOf('--') + 1);
      times.push(units.length);
      const stdout = units.map((unit) => `Id=${unit}\nLoadState=loaded\nActiveState=active\n`).join('\n');
      return { code: 0, stdout, stderr: '' };
    },
  };
  return { host, times };
}

test('who looks at one unit asks for that, once', async () => {
  const { host, times } = counted();
  for (let time = 1; time <= 2; time++)
    expect(await unitState(host, 'studio.service')).toMatchObject({ active: 'active' });
  expect(times).toEqual([1]);
});

test('who is about to look at several asks once, and for one that is not of the site by itself', async () => {
  const { host, times } = counted();
  void askUnits(host);
  void askUnits(host);
  for (const unit of ['studio.service', 'studio-stats.timer', 'nginx.service', 'other.service'])
    expect(await unitState(host, unit)).toMatchObject({ active: 'active' });
  expect(times).toEqual([expect.any(Number), 1]);
  expect(times[0]).toBeGreaterThan(15);
});

test('what could not be asked of all is asked of each', async () => {
  const { host, times } = counted();
  const { query } = host;
  let first = true;
  host.query = async (argv) => {
    const result = await query(argv);
    if (!first) return result;
    first = false;
    return { code: 1, stdout: '', stderr: 'Failed to connect to bus' };
  };
  await expect(askUnits(host)).rejects.toThrow(/Failed to connect to bus/);
  expect(await unitState(host, 'studio.service')).toMatchObject({ active: 'active' });
  expect(times.at(-1)).toBe(1);
});
