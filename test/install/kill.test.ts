import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RUN_MARKER } from '../../src/host/environment.ts';
import { writeAnswers } from '../rehearsal/answers.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { differences, recordOf } from './compare.ts';
import { type Interrupted, killAt, points } from './interruptions.ts';
import { oneLine, Run, setUp, shell } from './operator.ts';

const silent = () => {};

/** Never disturbed: what the other one has to end as. */
let undisturbed: Rehearsal;
let disturbed: Rehearsal;

/** What is running while another host is disturbed. */
let meanwhile: Run;

beforeAll(async () => {
  const ready = async () => {
    const host = await startRehearsal({ report: silent });
    await installProduct(host, silent);
    await writeAnswers(host);
    return host;
  };
  [undisturbed, disturbed] = await Promise.all([ready(), ready()]);
  await disturbed.checkpoint('bare');
});
afterAll(() => Promise.all([undisturbed?.stop(), disturbed?.stop()]));

test('while one runs, a second one is refused and told who is at work', async () => {
  meanwhile = new Run(undisturbed);
  await meanwhile.next(({ type }) => type === 'run-started');
  const second = await setUp(undisturbed);
  expect(second.code).toBe(1);
  expect(oneLine(second.stderr)).toMatch(
    /Another studio-setup is at work on this server: studio-setup run, process \d+, since [A-Z][a-z]{2} \d.*What to do: Only one can change this server at a time\. To watch it: studio-setup follow\./,
  );
});

describe('ended in the middle of a step', () => {
  test('Ctrl-C once: the step ends, nothing new begins, exit 130', async () => {
    const run = await until(disturbed, 'requirements/tools', /Unpacking/);
    await disturbed.signal(run.child, 'SIGINT');
    const { code, said } = await run.ended;
    expect(code, said).toBe(130);
    expect(said).toMatch(/Stopping after packages: [^.]+\. Press Ctrl-C again to stop at once\./);
    expect(outcomeOf(run, 'requirements/tools')).toBe('changed');
    expect(outcomeOf(run, 'working-directory/clone')).toBe('skipped');
    await shell(disturbed, 'git --version; test ! -e /var/www/blender-studio');
  });

  test.each([
    { how: 'Ctrl-C twice', signals: ['SIGINT', 'SIGINT'] as const },
    { how: 'SIGTERM', signals: ['SIGTERM'] as const },
  ])('$how: all that it started ends with it, exit 130', async ({ signals }) => {
    const run = await until(disturbed, 'virtualenv/poetry', /Collecting/);
    expect(await atWork(disturbed)).toContain('pip');
    for (const signal of signals) await disturbed.signal(run.child, signal);
    const { code, said } = await run.ended;
    expect(code, said).toBe(130);
    expect(await atWork(disturbed)).toBe('');
  });
});

test('killed with kill -9 all through an installation, it goes on each time and comes to the same end', {
  timeout: 20 * 60_000,
}, async () => {
  await disturbed.restore('bare');
  const kills: Interrupted[] = [];
  let end: Interrupted;
  for (let left = points; ; left = left.filter((point) => point !== end.point)) {
    // No pause: the kernel has freed the lock.
    end = await killAt(disturbed, left);
    if (end.point === undefined) break;
    expect(end.code, end.said).toBe(null);
    kills.push(end);
  }
  expect(end.code, end.said).toBe(0);
  console.log(kills.map(({ point, atWork }) => `${point?.operation}: ${atWork.join(', ')}`).join('\n'));
  expect(kills.length).toBeGreaterThanOrEqual(12);
  // apt was not killed along with the product, and no second one begins beside it.
  expect(kills.map(({ said }) => said).join('\n')).toMatch(
    /An earlier run was killed, but programs of it still run: [^\n]*apt-get install .*Waiting for them to end/,
  );
  const { code, said } = await meanwhile.ended;
  expect(code, said).toBe(0);
  expect(differences(await recordOf(undisturbed), await recordOf(disturbed))).toEqual([]);
});

function outcomeOf(run: Run, operation: string): string | undefined {
  const finished = run.events.find(
    (event) => event.type === 'operation-finished' && event.operation === operation,
  );
  return finished?.type === 'operation-finished' ? finished.outcome : undefined;
}

/** A run that has come to a line of output of an operation. */
async function until(host: Rehearsal, operation: string, output: RegExp): Promise<Run> {
  const run = new Run(host);
  const event = await run.next(
    (event) => event.type === 'output' && event.operation === operation && output.test(event.line),
  );
  if (event) return run;
  throw new Error(`${operation} said nothing like ${output}: ${(await run.ended).said}`);
}

/** What runs of the product have started on a host and is still running. */
function atWork(host: Rehearsal): Promise<string> {
  return shell(
    host,
    `for each in /proc/[0-9]*; do
       if grep -qs ${RUN_MARKER}= "$each/environ"; then tr '\\0' ' ' < "$each/cmdline"; echo; fi
     done`,
  );
}
