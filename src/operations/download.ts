import { template } from '../../templates/index.ts';
import type { Host, LiveHost } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';

export interface Download {
  /** Where the program goes, absolute. */
  readonly path: string;
  /** `https://…`, or the absolute path of a file on this server. */
  readonly source: string;
  /** Hexadecimal; absent: the file is taken as it comes, by the operator's own word. */
  readonly sha256?: string;
}

/** What goes on for ever must neither fill the disk nor hold up a run. */
interface Limits {
  readonly bytes: number;
  /** Seconds for the whole file. */
  readonly seconds: number;
}

/** Megabytes of a release of Meilisearch, for whom it may concern before it is fetched. */
export const RELEASE_MB = 130;

const LIMITS: Limits = { bytes: 1024 ** 3, seconds: 15 * 60 };
/** Milliseconds that the program may take to end by itself after that. */
const GRACE_MS = 30_000;

/** @returns the SHA-256 of a file of root's, hexadecimal. @throws ProblemError when it can't be read */
export async function sha256Of(host: Host, path: string): Promise<string> {
  // Without --zero a name with a backslash in it changes the line (sha256sum(1)).
  const { code, stdout, stderr } = await host.query(['sha256sum', '--zero', '--', path]);
  const [, sum] = /^([0-9a-f]{64}) /.exec(stdout) ?? [];
  if (code === 0 && sum !== undefined) return sum;
  throw new ProblemError({
    what: `The SHA-256 of ${path} could not be computed: ${stderr.trim()}`,
    remedy: `Check that the file can be read (ls -l ${quote(path)}), then run again.`,
  });
}

/**
 * Fetches a program beside its place, and moves it there only when it is the one that was asked for.
 * @returns its SHA-256
 * @throws ProblemError when it can't be fetched, is too large or too slow, or is another file
 */
export async function fetchProgram(
  live: LiveHost,
  wanted: Download,
  limits: Limits = LIMITS,
): Promise<string> {
  const partial = `${wanted.path}.studio-setup-partial`;
  const discard = () => live.run(['rm', '-f', '--', partial]);
  // A run that was killed in between left a part of it.
  await discard();
  try {
    if (wanted.source.startsWith('/'))
      await live.run(['cp', '--no-preserve=all', '--', wanted.source, partial]);
    else {
      await live.run(fetchCommand(wanted.source, partial, limits), {
        timeoutMs: limits.seconds * 1000 + GRACE_MS,
        explain: ({ code }) => unreachable(wanted.source, code, limits),
      });
    }
    const found = await sha256Of(live, partial);
    if (wanted.sha256 !== undefined && found !== wanted.sha256.toLowerCase()) {
      throw new ProblemError({
        what: `${wanted.source} is not the expected file: its SHA-256 is ${found} (expected ${wanted.sha256}).`,
        remedy:
          'Compare it with the digest on the release page. Correct the answer meilisearch.sha256 or the address, then run again. Nothing was installed.',
      });
    }
    await live.run(['chmod', '0755', partial]);
    await live.run(['mv', '-fT', '--', partial, wanted.path]);
    return found;
  } catch (error) {
    await discard();
    throw error;
  }
}

/**
 * Reads a file at an address without keeping it.
 * @returns its SHA-256, hexadecimal; or why it can't be told
 */
export async function remoteDigest(
  host: Host,
  source: string,
  limits: Limits = LIMITS,
): Promise<{ readonly sha256: string } | { readonly wrong: string }> {
  if (source.startsWith('/')) return { sha256: await sha256Of(host, source) };
  const timeoutMs = limits.seconds * 1000 + GRACE_MS;
  const { code, stdout } = await host.query(fetchCommand(source, '/dev/null', limits), { timeoutMs });
  const sum = /^([0-9a-f]{64})$/m.exec(stdout)?.[1];
  return code === 0 && sum !== undefined
    ? { sha256: sum }
    : { wrong: unreachable(source, code, limits).what };
}

/** The codes by which the program (templates/python/fetch.py) says what was wrong. */
const TOO_LARGE = 65;
const TOO_SLOW = 75;

/** curl is not on every fresh host; Python is, and apt's own helper can't be told a checksum later. */
function fetchCommand(url: string, path: string, limits: Limits): readonly string[] {
  const bounds = [String(limits.bytes), String(limits.seconds)];
  return ['/usr/bin/python3', '-I', '-c', template('python/fetch.py'), ...bounds, url, path];
}

function unreachable(url: string, code: number, limits: Limits) {
  const remedy = `Check the address and the network: curl -fLO ${quote(url)}. Or download the file elsewhere, copy it to this server, and give its path as the answer meilisearch.release.`;
  if (code === TOO_LARGE)
    return { what: `${url} is larger than ${Math.floor(limits.bytes / 1024 ** 2)} MiB.`, remedy };
  if (code === TOO_SLOW)
    return { what: `${url} took longer than ${limits.seconds} seconds to download.`, remedy };
  return { what: `${url} could not be downloaded.`, remedy };
}
