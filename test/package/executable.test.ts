import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { productVersion } from '../../src/app/version.ts';
import { must, run } from '../rehearsal/process.ts';
import { debian } from '../rehearsal/root.ts';

const project = join(import.meta.dirname, '../..');
const executable = join(project, 'dist/studio-setup');
let bare: string;
beforeAll(async () => {
  const { root } = await debian('bookworm', console.log);
  bare = root;
  await must([process.execPath, join(project, 'scripts/executable.ts')]);
}, 300_000);

/** Runs a program of this machine on the bare Debian, which is seen only there and not written to. */
function onBareDebian(program: string, ...args: string[]) {
  const script =
    'mount -t tmpfs none "$1/mnt"; touch "$1/mnt/program"; mount --bind "$2" "$1/mnt/program"; ' +
    'mount -t proc none "$1/proc"; root=$1; shift 2; exec chroot "$root" /mnt/program "$@"';
  const unshared = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', script, 'sh'];
  return run([...unshared, bare, program, ...args], { env: { PATH: process.env.PATH, HOME: '/root' } });
}

test('the executable starts on a Debian with nothing installed for it', async () => {
  const started = await onBareDebian(executable, '--version');
  expect(started).toEqual({ code: 0, stdout: `${productVersion()}\n`, stderr: '' });
});

test('anybody may run the executable, and only its owner change it', async () => {
  expect((await stat(executable)).mode & 0o777).toBe(0o755);
});

test('the executable does not tell where it was built', async () => {
  const found = await run(['grep', '--count', '--text', '--fixed-strings', project, executable]);
  expect(found.stdout).toBe('0\n');
});
