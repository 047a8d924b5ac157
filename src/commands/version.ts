import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Options } from '../app/options.ts';
import type { Product } from '../app/product.ts';
import { knownReleases, newestRelease } from '../app/releases/release.ts';
import { writeRecord } from '../output/json.ts';
import { print } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { sayRelease } from './release-words.ts';

/**
 * Prints the version. Fetches something only when that is asked for.
 * @param check whether to ask for the newest release
 */
export async function versionCommand(
  { version, releases }: Product,
  { json }: Options,
  check: boolean,
): Promise<ExitCode> {
  if (!check) {
    if (json) writeRecord({ type: 'version', ...{ version } });
    else print(version);
    return EXIT.asWanted;
  }
  const known = knownReleases(releases);
  const release = await newestRelease(known, version);
  const newer = sayRelease({ release, releases: known, installed: version, json });
  if (!newer) return EXIT.asWanted;
  if (!json)
    print(
      ...wrap('To install it: studio-setup self-update'),
      ...wrap(
        'Where studio-setup came as a package: apt install ./studio-setup_*.deb, with the newer package.',
      ),
    );
  return EXIT.pending;
}
