import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long systemd may take to start it. Milliseconds. */
const START_MS = 5000;

/**
 * Ended by whoever stops units, it does what it is there for as well. No `${`, and no `$` at the beginning: systemd would put
 * its own environment in there.
 */
const WATCH = `trap '"$@"; exit' TERM INT HUP
echo ready
read -r word && test "$word" = released || "$@"`;

/** A process that stands by while something must not stay as it is. */
export interface Guard {
  /** It is no longer needed. */
  release(): void;
  /** It is to do it now: this process could not. */
  act(): void;
}

/**
 * Does `command` when this process ends without a word, by a kill -9 too: then its end of the pipe closes.
 * @param command absolute words, no shell
 * @param host starts the guard outside of everything that may end together with this process: the scope of an ssh
 *   session, a cgroup that runs out of memory. `[]` starts it as a child.
 * @returns `undefined` when it can't be started
 */
export async function standBy(
  command: readonly string[],
  host: readonly string[] = TRANSIENT_UNIT,
): Promise<Guard | undefined> {
  const [program = 'sh', ...args] = [...host, 'sh', '-c', WATCH, 'sh', ...command];
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    // A Ctrl-C at the terminal is not for it.
    detached: true,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  child.stdin.on('error', () => undefined);
  const given = new AbortController();
  const ready = await Promise.race([
    once(child.stdout, 'data').then(() => true),
    // An error of the child ends this waiting too.
    once(child, 'exit').then(
      () => false,
      () => false,
    ),
    sleep(START_MS, false, { signal: given.signal, ref: false }).catch(() => false),
  ]);
  given.abort();
  const release = () => void child.stdin.end('released\n');
  if (!ready) {
    release();
    return undefined;
  }
  child.stdout.destroy();
  child.unref();
  return { release, act: () => void child.stdin.end() };
}

/** `--pipe` hands this process's end of the pipe to the unit itself: it reads on when systemd-run is gone. */
const TRANSIENT_UNIT = [
  'systemd-run',
  '--quiet',
  '--collect',
  '--pipe',
  '--description=Blender Studio setup: resumes the site if the setup is killed',
];
