import { localTime } from '../output/local-time.ts';
import { MAINTENANCE } from '../site/layout.ts';
import { maintenanceSince } from '../site/maintenance.ts';
import { namesOf } from '../site/names.ts';
import { type Check, failing, fine } from './check.ts';

/** Longer than any maintenance that somebody sits at: then it was forgotten. */
const FORGOTTEN_MS = 24 * 60 * 60_000;
const OFF = 'To end it: studio-setup maintenance off';

/** The page itself is no failure, and the checks that get it instead of the site say so. */
export const maintenanceEnds: Check = {
  id: 'maintenance',
  title: 'Maintenance page',
  asks: 'Asks nginx whether visitors get the maintenance page, and since when: one that is on for more than a day fails.',
  means: 'Visitors do not get the site, and search engines begin to forget it.',
  fixes: [],
  async run(host, answers) {
    const since = await maintenanceSince(host, namesOf(answers)[0]);
    if (since === undefined)
      return (await host.status(MAINTENANCE)) === undefined
        ? fine('Off.')
        : failing(
            `${MAINTENANCE} is there, and visitors do not get it.`,
            `To load it: studio-setup maintenance on. ${OFF}`,
          );
    const said = `On since ${localTime(since)}: visitors get HTTP 503 instead of the site.`;
    return Date.now() - since > FORGOTTEN_MS ? failing(said, OFF) : fine(`${said} ${OFF}`);
  },
};
