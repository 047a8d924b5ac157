/** `npm run test:faults`: installs with apt what the machine lacks to build the shim, and says so; then the tests. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installMissing } from '../test/rehearsal/tools.ts';

const TOOLS = {
  '/usr/bin/gcc': 'gcc',
  '/usr/include/stdio.h': 'libc6-dev',
} as const;

// Its samples write as www-data, and give files to it.
if (process.getuid?.() !== 0) throw new Error('Run it as root: files are given to another account.');
await installMissing(TOOLS, 'the faults', console.log);
const { status } = spawnSync('vitest', ['run', '--project', 'faults', ...process.argv.slice(2)], {
  cwd: path.join(import.meta.dirname, '..'),
  stdio: 'inherit',
  env: { ...process.env, STUDIO_SETUP_FAULTS: '1' },
});
process.exitCode = status ?? 1;
