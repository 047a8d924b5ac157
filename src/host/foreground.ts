import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { ProblemError } from '../output/problem.ts';
import { Accounts } from './accounts.ts';
import { childEnvironment } from './environment.ts';

/** What an editor has to know of the terminal. */
const OF_TERMINAL = ['TERM', 'COLORTERM'];

/**
 * Gives this process's terminal to a program until it ends. One of another account gets a terminal of its own that is shown
 * on this one, as any process of that account could type commands into root's; and nothing of root's environment, in which
 * the answers file's secrets may stand.
 * @param argv the program and its arguments
 * @param account root when absent
 * @throws ProblemError when it can't be started
 */
export async function foreground(argv: readonly string[], account?: string): Promise<void> {
  const [program = 'sh', ...args] =
    account === undefined ? argv : ['runuser', '--pty', '-u', account, '--', ...argv];
  // Ink only lets go of the keys; Node would still read them away from the program, or fail for reading in the
  // background. A stream that was listened to can be paused a turn later only.
  await setImmediate();
  process.stdin.pause();
  await setImmediate();
  const child = spawn(program, args, {
    stdio: 'inherit',
    ...(account === undefined ? {} : { env: environmentOf(account) }),
  });
  try {
    await once(child, 'exit');
  } catch (error) {
    throw new ProblemError({
      what: `${program} could not be started (${(error as NodeJS.ErrnoException).code}).`,
      remedy:
        'Set EDITOR (or SHELL) to a program that is installed on this server, then start studio-setup again.',
    });
  }
}

function environmentOf(account: string): Record<string, string> {
  const ofTerminal = OF_TERMINAL.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const home = new Accounts().user(account)?.home ?? '/';
  return childEnvironment(home, account, Object.fromEntries(ofTerminal));
}
