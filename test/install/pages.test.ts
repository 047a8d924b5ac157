import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { shell } from './operator.ts';
import { commandsOf } from './page.ts';

/** Operators' pages, in the order in which one host goes through them; undoing.md, which names runs, in undo.test.ts. */
const PAGES = [
  'first-install.md',
  'coming-back.md',
  'support.md',
  'one-section.md',
  'unattended.md',
  'maintenance.md',
  'updating.md',
  'rotating.md',
  'new-domain.md',
];

/** `plan` and `update --check` say by 3 that there is something, `support-bundle` by 4 that nobody agreed to it; the pages explain it. */
const EXPECTED: ReadonlyMap<string, readonly number[]> = new Map([
  ['plan', [0, 3]],
  ['support-bundle', [0, 4]],
  ['update --check', [3]],
]);

/** What the operator of this server writes into the answers file once it has begun. */
const prepared = '/root/prepared.yaml';

let host: Rehearsal;

beforeAll(async () => {
  host = await startRehearsal();
  await writeAnswers(host);
  await shell(host, `mv ${answersFile} ${prepared}`);
  await installProduct(host, console.log);
});
afterAll(() => host?.stop());

describe.each(PAGES)('docs/%s', (page) => {
  test('every command in it works, in its order', async () => {
    const commands = await commandsOf(page);
    // There is something to update to.
    if (page === 'updating.md')
      await host.internet.git.commit('Next', { 'studio/release.py': "NAME = 'production 2'\n" });
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) {
      const { code, stdout, stderr } = await host.exec(['sh', '-c', `cd /root\n${typed(command)}`]);
      const [, name = ''] = /^studio-setup (update --check|\S+)/.exec(command) ?? [];
      expect(EXPECTED.get(name) ?? [0], `${command}\n${stdout.slice(-3000)}\n${stderr}`).toContain(code);
      // Then the operator fills it in.
      if (command.startsWith('studio-setup answers --example'))
        await shell(host, `test -s ${answersFile} && cp ${prepared} ${answersFile}`);
    }
  });
});

/** What a terminal would ask for comes by the environment. */
function typed(command: string): string {
  if (!command.includes('createsuperuser')) return command;
  const environment = Object.entries({
    USERNAME: 'second',
    EMAIL: 'second@example.org',
    PASSWORD: 'for-this-test-only',
  })
    .map(([name, value]) => `DJANGO_SUPERUSER_${name}=${value}`)
    .join(' ');
  return `cd /var/www/blender-studio && ${command.replace('www-data ', `www-data env ${environment} `)} --no-input`;
}
