import { masterKeyOf } from '../configs/meilisearch.ts';
import { MEILISEARCH_KEY_FILE, SETTINGS, UNITS } from '../site/layout.ts';
import { type Check, failing, fine } from './check.ts';

/** Files that hold secrets, and the permission bits that none of them may have. */
const PRIVATE: readonly (readonly [string, number])[] = [
  [SETTINGS, 0o007],
  [MEILISEARCH_KEY_FILE, 0o077],
  ['/var/lib/studio-setup', 0o077],
  ['/var/log/studio-setup', 0o077],
];

export const secretsAreClosed: Check = {
  id: 'secrets',
  title: 'Secrets',
  async run(host) {
    const open: string[] = [];
    for (const [path, forbidden] of PRIVATE) {
      const status = await host.status(path);
      if (status !== undefined && (status.mode & forbidden) !== 0)
        open.push(`${path} (mode ${status.mode.toString(8)})`);
    }
    const unit = await host.read(`${UNITS}/meilisearch.service`);
    if (unit !== undefined && masterKeyOf(unit) !== undefined)
      open.push(`${UNITS}/meilisearch.service (holds the master key)`);
    return open.length === 0
      ? fine('Files with secrets are closed to other users.')
      : failing(
          `Other users can read secrets in ${open.join(', ')}.`,
          'Run: studio-setup run settings meilisearch',
        );
  },
};
