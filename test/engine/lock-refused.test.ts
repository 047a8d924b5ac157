import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const source = path.join(import.meta.dirname, '../../src/engine/lock.ts');

/** Takes the lock in a process and a mount namespace of its own, after `prepare` in its shell. Ends by itself or within 20 s. */
async function takenIn(prepare: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-lock-'));
  const program = path.join(folder, 'take.ts');
  await writeFile(
    program,
    `import { takeLock } from ${JSON.stringify(source)};
    await takeLock(process.argv[2], 'run').then(
      async (lock) => { console.log('held'); await lock.release(); },
      (error) => console.log(error.problem ? JSON.stringify(error.problem) : \`\${error.code} \${error.syscall}\`),
    );`,
  );
  try {
    const { stdout } = await promisify(execFile)(
      'unshare',
      [
        '--mount',
        'sh',
        '-euc',
        `${prepare}; exec "$0" "$1" "$2/run/lock"`,
        process.execPath,
        program,
        folder,
      ],
      { timeout: 20_000, env: { ...process.env, FOLDER: folder } },
    );
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('a full /run ends it, and it holds no lock', async () => {
  const full =
    'mkdir "$FOLDER/run"; mount -t tmpfs -o size=4k none "$FOLDER/run"; touch "$FOLDER/run/lock"; head -c 4096 /dev/zero > "$FOLDER/run/full"';
  expect(await takenIn(full)).toContain('ENOSPC');
});

test('a flock that can not be started is named, with the package that brings it', async () => {
  const none = 'mount --bind /dev/null "$(command -v flock)"';
  expect(await takenIn(none)).toMatch(/flock could not be started \(E\w+\).*util-linux/);
});

test('a read-only place is told in the words of flock', async () => {
  const readOnly = 'mkdir "$FOLDER/run"; mount -t tmpfs -o ro none "$FOLDER/run"';
  expect(await takenIn(readOnly)).toMatch(/can't be taken.*Read-only file system/);
});
