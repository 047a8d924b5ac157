import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Exchanges two paths, each time in one step, so that something stands always there. */
const SWAP = `
import ctypes, os, sys
one, other = (os.fsencode(each) for each in sys.argv[2:])
os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1]))
exchange = ctypes.CDLL(None).renameat2
print('swapping', flush=True)
while True:
    exchange(-100, one, -100, other, 2)
`;

/**
 * From now on `one` is what it was one moment, and what stood at `other` the next.
 * @param account number of the user and the group that exchanges them
 * @returns what ends it
 */
export async function race(one: string, other: string, account: number): Promise<AsyncDisposable> {
  const swapper = spawn('python3', ['-c', SWAP, String(account), one, other], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (swapper.stdout !== null) await once(swapper.stdout, 'data');
  return {
    [Symbol.asyncDispose]: async () => {
      const gone = once(swapper, 'exit');
      swapper.kill('SIGKILL');
      await gone;
    },
  };
}
