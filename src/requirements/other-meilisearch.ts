import { unitValues } from '../configs/unit.ts';
import type { Host } from '../host/host.ts';
import { ConflictError } from '../output/problem.ts';
import { UNITS, WWW } from '../site/layout.ts';
import { SERVICES } from '../site/services.ts';

const UNIT = SERVICES.meilisearch.unit;

/** Where a unit of that name stands: an operator's own goes before that of a package (systemd.unit(5)). */
const PLACES = [UNITS, '/usr/local/lib/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];

/**
 * The site's unit has a name that another application's may have: it would be replaced, and the other one lose its search.
 * The site's is known by its folder of data, in every state of the repository.
 * @throws ConflictError for one of another application, before anything is changed
 */
export async function noOtherMeilisearch(host: Host): Promise<void> {
  for (const place of PLACES) {
    const path = `${place}/${UNIT}`;
    const text = await host.read(path);
    if (text === undefined) continue;
    if (isSites(text) || host.mayOverwrite(path) || (await host.written(path)) !== undefined) return;
    throw new ConflictError({
      what: `${path} belongs to another application: its data is not in ${WWW}. The site needs this unit name and port 7700. Nothing was changed.`,
      remedy: `If nobody needs that application any more: systemctl disable --now ${UNIT}; mv ${path} /root/; then run again. Otherwise give each a server of its own, or give the other unit another name and port. To replace it anyway: run again with --overwrite ${path}`,
      detail: text
        .split('\n')
        .filter((line) => /^\s*(Description|User|ExecStart|EnvironmentFile|WorkingDirectory)\s*=/.test(line)),
    });
  }
}

function isSites(text: string): boolean {
  const values = ['Environment', 'ExecStart', 'WorkingDirectory'].flatMap((key) =>
    unitValues(text, 'Service', key),
  );
  return values.some((value) => value.includes(`${WWW}/`));
}
