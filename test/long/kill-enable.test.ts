import { afterAll, beforeAll, expect, test } from 'vitest';
import { oneLine, Run, shell } from '../install/operator.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

let host: Rehearsal;
let operator: Operator;
let recipient: string;

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  await writeAnswers(host, { integrations: 'skipped', secrets: 'generate' });
  await installProduct(host, () => {});
  operator = new Operator(host);
  await operator.run();
  await shell(host, 'apt-get install -y -q --no-install-recommends age > /dev/null');
  recipient = (await shell(host, 'age-keygen 2> /dev/null | age-keygen -y')).trim();
});
afterAll(() => host?.stop());

/**
 * Starts a command, and kills it once it has made so many changes.
 * @returns the last of them; `undefined` where it came to its end before
 */
async function killedBehind(changes: number, command: readonly string[]): Promise<string | undefined> {
  const run = new Run(host, command);
  let made = 0;
  const event = await run.next((each) => {
    if (each.type === 'operation-finished' && each.outcome === 'changed') made += 1;
    return made === changes;
  });
  // Behind the last one it may be gone already.
  if (event !== undefined)
    await host.signal(run.child, 'SIGKILL').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ESRCH') throw error;
    });
  const { code, said } = await run.ended;
  if (code === null && event?.type === 'operation-finished') return event.operation;
  expect(code, said).toBe(0);
  return undefined;
}

const timers = (name: string) =>
  shell(host, `systemctl list-timers --all --plain --no-legend '${name}*' | awk '{print $(NF-1)}'`);
const ownFiles = (name: string) =>
  shell(
    host,
    `ls -d /etc/systemd/system/${name}* /etc/blender-studio/${name.slice(13)}.json 2>/dev/null || true`,
  );

test.each([
  {
    what: 'watch',
    name: 'studio-setup-watch',
    answers: () => ['watch.textfile: /var/lib/studio.prom'],
  },
  {
    what: 'backup',
    name: 'studio-setup-backup',
    answers: () => [
      'backup.destination: folder',
      'backup.folder: /srv/backups',
      `backup.recipient: ${recipient}`,
    ],
  },
])(
  '$what enable, then disable, killed with kill -9 behind one change after the other: each resumes',
  async (row) => {
    // What the command asks for; all else is known of the site that stands.
    await host.write(answersFile, `${row.answers().join('\n')}\n`, { mode: '600' });
    const killed: string[] = [];
    for (let changes = 1; ; changes += 1) {
      const enabling = await killedBehind(changes, [row.what, 'enable']);
      expectExit(await operator.start(row.what, 'enable'), 0);
      expect(await timers(row.name)).toContain(`${row.name}.timer`);
      const again = await operator.start(row.what, 'enable');
      expectExit(again, 0);
      expect(oneLine(again.stdout)).toContain('nothing was changed');

      const disabling = await killedBehind(changes, [row.what, 'disable']);
      expectExit(await operator.start(row.what, 'disable'), 0);
      expect(await timers(row.name)).toBe('');
      expect(await ownFiles(row.name)).toBe('');
      const last = [
        ...(enabling === undefined ? [] : [`enable at ${enabling}`]),
        ...(disabling === undefined ? [] : [`disable at ${disabling}`]),
      ];
      if (last.length === 0) break;
      killed.push(...last);
    }
    console.log(`${row.what}, ${killed.length} kills: ${killed.join(', ')}`);
    expect(killed.length).toBeGreaterThanOrEqual(6);
  },
);
