/**
 * `npm test`: lint, types, the executable, and every test, the throwaway host's among them. Installs with apt what
 * the machine lacks for that, and says so. The last lines are vitest's own summary.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fromCache } from '../test/rehearsal/rehearsal.ts';
import { ensureTools, installMissing } from '../test/rehearsal/tools.ts';

const root = path.join(import.meta.dirname, '..');

/** What tests ask beside the rehearsal: real nginx, systemd, ShellCheck and man on real files, real shells on completions, real signatures. */
const TOOLS = {
  '/usr/sbin/nginx': 'nginx',
  '/usr/bin/systemd-analyze': 'systemd',
  '/usr/bin/shellcheck': 'shellcheck',
  '/usr/bin/man': 'man-db',
  '/usr/share/bash-completion/bash_completion': 'bash-completion',
  '/usr/bin/zsh': 'zsh',
  '/usr/bin/fish': 'fish',
  '/usr/bin/minisign': 'minisign',
  '/usr/bin/xz': 'xz-utils',
} as const;

/** Debian's way to say that no service may be started by an installation: nginx is needed as a program only. */
const POLICY = '/usr/sbin/policy-rc.d';

async function step(title: string, command: string, ...args: readonly string[]): Promise<void> {
  console.log(`\n── ${title}`);
  const [code] = await once(spawn(command, args, { cwd: root, stdio: 'inherit' }), 'exit');
  if (code !== 0) process.exit(code ?? 1);
}

const ownPolicy = !existsSync(POLICY);
if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
try {
  await installMissing(TOOLS, 'the tests', console.log);
} finally {
  if (ownPolicy) rmSync(POLICY);
}
await ensureTools(console.log);

const given = process.argv.slice(2);
const isChanged = given.some((option) => option.startsWith('--changed'));
// Nearly every change reaches all tests on throwaway hosts, which take many minutes.
const project = isChanged && !given.includes('--project') ? ['--project', 'code'] : [];

// Meanwhile, as it downloads most of the time. Should it fail, the tests that need it say so: they try again.
if (given.length === 0) fromCache().catch((error: unknown) => console.log(error));

await step('lint', 'biome', 'check', '.');
await step('unused code and dependencies', 'knip');
await step('types', 'tsc', '--noEmit');
await step('the executable', 'node', 'scripts/executable.ts');
await step('tests', 'vitest', 'run', ...project, ...given);
process.exit();
