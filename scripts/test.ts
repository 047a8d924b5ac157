/**
 * `npm test`: lint, types, the executable, and every test, the throwaway host's among them. Installs with apt what
 * the machine lacks for that, and says so. The last lines are vitest's own summary.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureTools, installMissing } from '../test/rehearsal/tools.ts';

const root = path.join(import.meta.dirname, '..');

/** What tests ask beside the rehearsal: real nginx, systemd, ShellCheck and man on real files, real shells on completions. */
const TOOLS = {
  '/usr/sbin/nginx': 'nginx',
  '/usr/bin/systemd-analyze': 'systemd',
  '/usr/bin/shellcheck': 'shellcheck',
  '/usr/bin/man': 'man-db',
  '/usr/share/bash-completion/bash_completion': 'bash-completion',
  '/usr/bin/zsh': 'zsh',
  '/usr/bin/fish': 'fish',
} as const;

/** Debian's way to say that no service may be started by an installation: nginx is needed as a program only. */
const POLICY = '/usr/sbin/policy-rc.d';

function step(title: string, command: string, ...args: readonly string[]): void {
  console.log(`\n── ${title}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const ownPolicy = !existsSync(POLICY);
if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
try {
  await installMissing(TOOLS, 'the tests', console.log);
} finally {
  if (ownPolicy) rmSync(POLICY);
}
await ensureTools(console.log);

step('lint', 'biome', 'check', '.');
step('unused code and dependencies', 'knip');
step('types', 'tsc', '--noEmit');
step('the executable', 'node', 'scripts/executable.ts');
step('tests', 'vitest', 'run', ...process.argv.slice(2));
