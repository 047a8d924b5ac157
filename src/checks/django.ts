import type { Host } from '../host/host.ts';
import { djangoState } from '../site/django.ts';
import { isMaintenancePage } from '../site/maintenance.ts';
import { namesOf } from '../site/names.ts';
import { SERVICES } from '../site/services.ts';
import { type Check, failing, fine, returned } from './check.ts';
import { SETTINGS_FIXES } from './fixes.ts';

const DATABASE_FIXES = ['database/packages', 'database/running', 'database/role', 'database/database'];
const IMPORT_FIXES = ['requirements/locale', 'virtualenv', ...SETTINGS_FIXES];

const STATIC_FIXES = [
  'migrate/static',
  'configuration-files/nginx_studio.common.conf',
  'nginx/static-files',
  'start-nginx/https',
];

const asksDjango = (host: Host) => djangoState(host);

export const productionSettings: Check = {
  id: 'settings',
  title: 'Production settings',
  asks: "Imports settings.py as www-data under the unit's environment, and reads DEBUG and OAUTHLIB_INSECURE_TRANSPORT.",
  means: 'The site will not start again, or shows its settings and code to visitors when a page fails.',
  fixes: IMPORT_FIXES,
  early: asksDjango,
  async run(host) {
    const state = await djangoState(host);
    if (state === undefined)
      return failing(
        'There is no settings.py, or no virtualenv.',
        'Run: studio-setup run virtualenv settings',
        IMPORT_FIXES,
      );
    if (state.importError !== undefined)
      return failing(
        `settings.py does not import: ${state.importError}`,
        'The running services still use an older version. Fix what the message names, as www-data; or restore packages and values: studio-setup run virtualenv settings',
        IMPORT_FIXES,
      );
    const open = [
      ...(state.debug ? ['DEBUG is on: errors show settings and code to every visitor'] : []),
      ...(state.insecureOauth
        ? ['OAUTHLIB_INSECURE_TRANSPORT is set: logins are accepted over plain HTTP']
        : []),
    ];
    return open.length === 0
      ? fine('settings.py imports, and DEBUG is off.')
      : failing(
          `${open.join('; ')}.`,
          'Run: studio-setup run settings. Then check that the site was restarted: systemctl status studio',
          SETTINGS_FIXES,
        );
  },
};

export const databasePage: Check = {
  id: 'database',
  title: 'Database',
  asks: "Asks the database, with the site's own login, which migrations are applied.",
  means: 'Pages end in an error: all of them, or those whose tables are missing.',
  fixes: [...DATABASE_FIXES, 'migrate/tables', ...IMPORT_FIXES],
  async run(host) {
    const state = await djangoState(host);
    if (state === undefined)
      return failing('The site is not installed yet.', 'Run: studio-setup run', IMPORT_FIXES);
    if (state.importError !== undefined)
      return failing(
        `settings.py does not import, so the database can't be asked.`,
        'See Production settings above.',
        IMPORT_FIXES,
      );
    if (state.databaseError !== undefined)
      return failing(
        `The site can't use its database: ${state.databaseError.split('\n')[0]}`,
        'Check that PostgreSQL runs (systemctl status postgresql) and that the password in settings.py is right. Then: studio-setup run database',
        DATABASE_FIXES,
      );
    const unapplied = state.unapplied ?? [];
    return unapplied.length === 0
      ? fine('The site reads its database, and every migration is applied.')
      : failing(
          `${unapplied.length === 1 ? 'A migration is' : `${unapplied.length} migrations are`} not applied: ${unapplied.slice(0, 3).join(', ')}.`,
          'Run: studio-setup run migrate',
          ['migrate/tables'],
        );
  },
};

export const staticFiles: Check = {
  id: 'static-files',
  title: 'Static files',
  asks: "Compares what collectstatic would copy with what is there. Fetches one of the files, and the style sheets that the front page names, as a visitor's browser does.",
  means: 'Pages load without styles and scripts.',
  fixes: [...STATIC_FIXES, ...IMPORT_FIXES],
  async run(host, answers) {
    const files = (await djangoState(host))?.static;
    if (files === undefined)
      return failing(
        "The site can't say which static files it has.",
        'See Production settings above.',
        IMPORT_FIXES,
      );
    if (files.missing > 0)
      return failing(
        `Files missing or outdated in ${files.root}: ${files.missing}.`,
        'Run: studio-setup run migrate',
        ['migrate/static'],
      );
    const [domain] = namesOf(answers);
    const wanted = new Set([
      ...(files.sample === undefined ? [] : [`https://${domain}${files.sample}`]),
      ...(await styleSheetsOf(host, `https://${domain}/`)),
    ]);
    const wrong = (await Promise.all([...wanted].map((url) => wrongWithStyleSheet(host, url)))).find(Boolean);
    if (wrong === undefined)
      return fine(
        wanted.size === 0 ? `All are in ${files.root}.` : `All are in ${files.root}, and nginx serves them.`,
      );
    return failing(
      wrong,
      `Run: studio-setup run configuration-files nginx start-nginx. If that does not help, check that the nginx location of STATIC_URL points to ${files.root}, and that www-data can read it.`,
      STATIC_FIXES,
    );
  },
};

/** A page names few; more are of the same kind. */
const STYLE_SHEETS = 3;

/** @returns the addresses of style sheets of this very site that its front page names; none when it can't be fetched */
async function styleSheetsOf(host: Host, page: string): Promise<readonly string[]> {
  const { status, body } = await host.request(page, { timeoutMs: 5000 });
  if (status !== 200) return [];
  const links = [...body.matchAll(/<link\b[^>]*>/gi)].map(([link]) => link);
  const named = links
    .filter((link) => /\brel=["']?stylesheet\b/i.test(link))
    .flatMap((link) => /\bhref=["']?([^"'\s>]+)/i.exec(link)?.[1] ?? [])
    .filter((href) => URL.canParse(href, page))
    .map((href) => new URL(href, page));
  return named
    .filter(({ origin }) => origin === new URL(page).origin)
    .map(({ href }) => href)
    .slice(0, STYLE_SHEETS);
}

/** A page that says that nothing was found may come with 200: it is no style sheet. */
async function wrongWithStyleSheet(host: Host, url: string): Promise<string | undefined> {
  const answer = await host.request(url, { timeoutMs: 5000 });
  const { status, headers } = answer;
  // Then nobody gets any.
  if (isMaintenancePage(answer)) return undefined;
  if (status !== 200) return `${url} ${returned(answer)} (expected 200).`;
  const type = headers['content-type'] ?? '';
  return type.startsWith('text/css')
    ? undefined
    : `${url} is served as ${type || 'no type'}, not as text/css.`;
}

export const siteRecordAgrees: Check = {
  id: 'site-record',
  title: 'Name in links',
  asks: "Reads the domain of Django's Site record.",
  means: 'Links in e-mails and feeds point to another site.',
  fixes: [...DATABASE_FIXES, 'migrate/site-record'],
  async run(host, answers) {
    const { siteDomain, importError } = (await djangoState(host)) ?? {};
    const [domain] = namesOf(answers);
    const first = importError === undefined ? DATABASE_FIXES : IMPORT_FIXES;
    if (siteDomain === domain) return fine(`The Site record says ${domain}.`);
    if (siteDomain === undefined)
      return failing(
        "The Site record can't be read.",
        'See Database above; then: studio-setup run migrate',
        first,
      );
    return failing(
      `The Site record says ${siteDomain}; the site's domain is ${domain}.`,
      'Run: studio-setup run migrate',
      ['migrate/site-record'],
    );
  },
};

const QUEUE_FIXES = ['background-tasks/service', `restart:${SERVICES['studio-background'].unit}`];

/** Seconds that a due task may wait while nothing else is being worked on; the worker looks every few seconds. */
const WAITED_TOO_LONG = 15 * 60;

export const backgroundQueue: Check = {
  id: 'background-queue',
  title: 'Background queue',
  asks: 'Reads the table of background tasks: how long the oldest due task has waited, and how long the current one has been running.',
  means: 'No e-mail is sent, no video is processed, although studio-background is active.',
  fixes: [...DATABASE_FIXES, ...QUEUE_FIXES],
  async run(host) {
    const state = await djangoState(host);
    const { queue } = state ?? {};
    if (queue === undefined)
      return state?.unapplied === undefined
        ? failing(
            "The table of background tasks can't be read.",
            'See Database above.',
            state?.importError === undefined ? DATABASE_FIXES : IMPORT_FIXES,
          )
        : fine('The site has no table of background tasks.');
    const { waiting, oldest = 0, locked, failed, maxRun } = queue;
    // One worker: while it is at a long video, all else waits, and rightly so.
    const atWork = locked !== undefined && locked <= maxRun;
    const givenUp = failed === 0 ? '' : ` Given up after failures: ${failed} (see /admin/background_task/).`;
    if ((oldest <= WAITED_TOO_LONG || atWork) && (locked ?? 0) <= 2 * maxRun)
      return fine(`Tasks waiting: ${waiting === 0 ? 'none' : waiting}.${givenUp}`);
    return failing(
      oldest > WAITED_TOO_LONG && !atWork
        ? `Tasks due, and not processed: ${waiting}. The oldest has waited for ${spoken(oldest)}.`
        : `One task has been running for ${spoken(locked ?? 0)}.`,
      'studio-background hangs, which happens now and then. Restart it: systemctl restart studio-background. If that does not help, see why: journalctl -u studio-background -n 50',
      QUEUE_FIXES,
    );
  },
};

function spoken(seconds: number): string {
  return seconds < 2 * 60 * 60
    ? `${Math.round(seconds / 60)} minutes`
    : `${Math.round(seconds / 3600)} hours`;
}
