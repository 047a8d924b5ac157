import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { functionsFor } from '../../src/script/functions.ts';

/** Standard input, output and error are a new terminal's, as root has one. */
function inTerminal(lines: readonly string[]): readonly string[] {
  const script = ['set -euo pipefail', ...functionsFor(lines), ...lines].join('\n');
  const spawn = 'import pty, sys; pty.spawn(["bash", "-c", sys.argv[1]])';
  const said = execFileSync('/usr/bin/python3', ['-I', '-c', spawn, script], {
    encoding: 'utf8',
    input: '',
    timeout: 30_000,
  });
  return said.trim().split(/\r?\n/);
}

const opens = `sh -c '(: </dev/tty) 2>/dev/null && echo terminal || echo none'`;

test("a program of another account has not root's terminal", () => {
  const reached = inTerminal([opens, `apart nobody ${opens}`, `echo "$(apart nobody ${opens})"`]);
  expect(reached).toEqual(['terminal', 'none', 'none']);
});

test('it reads what is given to it, or nothing, and its failure is one', () => {
  const said = inTerminal([
    'echo given | apart nobody cat',
    'apart nobody cat',
    "apart nobody cat <<<'given too'",
    "if apart nobody sh -c 'exit 7'; then exit 1; else echo $?; fi",
    'apart nobody false',
    'echo went on',
  ]);
  expect(said).toEqual(['given', 'given too', '7']);
});

test('Ctrl+C ends it, and the script', () => {
  const said = inTerminal([
    '(sleep 1; kill -INT $$) &',
    "apart nobody sh -c 'sleep 20; echo survived' || true",
    'echo went on',
  ]);
  expect(said.join('\n')).not.toMatch(/survived|went on/);
});
