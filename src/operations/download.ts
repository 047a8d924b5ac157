import { template } from '../../templates/index.ts';
import type { Host, LiveHost } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';

export interface Download {
  /** Where the program goes, absolute. */
  readonly path: string;
  /** `https://…`, or the absolute path of a file on this host. */
  readonly source: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** @returns the SHA-256 of a file of root's, hexadecimal. @throws ProblemError when it can't be read */
export async function sha256Of(host: Host, path: string): Promise<string> {
  // Without --zero a name with a backslash in it changes the line (sha256sum(1)).
  const { code, stdout, stderr } = await host.query(['sha256sum', '--zero', '--', path]);
  const [, sum] = /^([0-9a-f]{64}) /.exec(stdout) ?? [];
  if (code === 0 && sum !== undefined) return sum;
  throw new ProblemError({
    what: `The SHA-256 of ${path} could not be computed: ${stderr.trim()}`,
    remedy: `See whether the file can be read (ls -l ${quote(path)}), then run again.`,
  });
}

/** Fetches a program beside its place, and moves it there only when it is the one that was asked for. */
export async function fetchProgram(live: LiveHost, wanted: Download): Promise<void> {
  const partial = `${wanted.path}.studio-setup-partial`;
  const discard = () => live.run(['rm', '-f', '--', partial]);
  // A run that was killed in between left a part of it.
  await discard();
  try {
    if (wanted.source.startsWith('/'))
      await live.run(['cp', '--no-preserve=all', '--', wanted.source, partial]);
    else await live.run(fetchCommand(wanted.source, partial), { explain: () => unreachable(wanted.source) });
    const found = await sha256Of(live, partial);
    if (found !== wanted.sha256.toLowerCase()) {
      throw new ProblemError({
        what: `${wanted.source} is not the file that was asked for: its SHA-256 is ${found}, wanted ${wanted.sha256}.`,
        remedy:
          'Compare with the digest on the release page; correct the answer meilisearch.sha256 or the address, then run again. Nothing was installed.',
      });
    }
    await live.run(['chmod', '0755', partial]);
    await live.run(['mv', '-fT', '--', partial, wanted.path]);
  } catch (error) {
    await discard();
    throw error;
  }
}

/** curl is not on every fresh host; Python is, and apt's own helper can't be told a checksum later. */
function fetchCommand(url: string, path: string): readonly string[] {
  return ['/usr/bin/python3', '-I', '-c', template('python/fetch.py'), url, path];
}

function unreachable(url: string) {
  return {
    what: `${url} can't be fetched.`,
    remedy: `Check the address and the network. Or fetch it elsewhere, copy it here, and give its path: answer meilisearch.release. As by hand: curl -fLO ${quote(url)}`,
  };
}
