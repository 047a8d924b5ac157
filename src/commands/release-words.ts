import type { Releases } from '../app/releases/bundled.ts';
import type { Release } from '../app/releases/release.ts';
import { count } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { print } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';

const DAY_MS = 24 * 3_600_000;
/** Days after which the newest release gets a second look: projects rest, and a server that holds back looks the same. */
const OLD_DAYS = 90;

/** A release, and what it is compared with. */
interface Compared {
  readonly release: Release;
  readonly releases: Releases;
  readonly installed: string;
  readonly json: boolean;
}

/** Says what the newest release is, who signed it and when. @returns whether it is another one than this */
export function sayRelease({ release, releases: { address }, installed, json }: Compared): boolean {
  const { version, signed, key } = release;
  const newer = version !== installed;
  if (json) {
    writeRecord({
      type: 'release',
      ...{ version, installed, newer, signed: signed.toISOString(), key, address },
    });
    return newer;
  }
  const days = Math.floor((Date.now() - signed.getTime()) / DAY_MS);
  const ago = days <= 0 ? 'today' : `${count(days, 'day')} ago`;
  print(
    ...wrap(
      newer
        ? `studio-setup ${version} is there; this is ${installed}.`
        : `studio-setup ${version} is the newest release.`,
    ),
    ...wrap(`Signed ${ago} (${signed.toISOString().slice(0, 10)}) by the key ${key}, at ${address}`),
  );
  if (days > OLD_DAYS)
    print(
      ...wrap(
        'A server that holds newer releases back would show the same. See what the project has announced since.',
        { first: '! ', rest: '  ' },
      ),
    );
  return newer;
}
