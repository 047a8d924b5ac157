import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

/** Runs a program on a terminal of its own, and prints all that is shown there, first the terminal's name. */
const ON_A_TERMINAL = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    print(os.ttyname(0), flush=True)
    os.execvp(sys.argv[1], sys.argv[1:])
shown = b''
while True:
    try:
        some = os.read(terminal, 1000)
    except OSError:
        break
    if not some:
        break
    shown += some
os.waitpid(child, 0)
sys.stdout.buffer.write(shown)
`;

function shownOf(account: string | undefined, script: string): string[] {
  const module = path.resolve('src/host/foreground.ts');
  const program = `const { foreground } = await import(${JSON.stringify(module)});
    await foreground(['sh', '-c', ${JSON.stringify(script)}], ${JSON.stringify(account)});`;
  const node = [process.execPath, '--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync('python3', ['-c', ON_A_TERMINAL, ...node], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'linux', PLANTED: 'planted-in-the-environment' },
  });
  expect(stderr).toBe('');
  return stdout.trim().split(/\r?\n/);
}

it('a program of another account gets a terminal of its own, and nothing of the environment but the kind of terminal', () => {
  const [own, its, who, ...environment] = shownOf('nobody', 'tty; id -un; env');
  expect(own).toMatch(/^\/dev\/pts\/\d+$/);
  expect(its).toMatch(/^\/dev\/pts\/\d+$/);
  expect(its).not.toBe(own);
  expect(who).toBe('nobody');
  expect(environment).toContain('TERM=linux');
  expect(environment.join('\n')).not.toContain('planted');
});

it("root's own gets this one, as it is", () => {
  const [own, its, planted] = shownOf(undefined, 'tty; echo "$PLANTED"');
  expect(its).toBe(own);
  expect(planted).toBe('planted-in-the-environment');
});
