import type { Host } from '../host/host.ts';
import { djangoState } from '../site/django.ts';
import { namesOf } from '../site/names.ts';
import { SERVICES } from '../site/services.ts';
import { type Check, failing, fine } from './check.ts';
import { SETTINGS_MENDS } from './fixes.ts';

const DATABASE_MENDS = ['database/packages', 'database/running', 'database/role', 'database/database'];
const IMPORT_MENDS = ['requirements/locale', 'virtualenv', ...SETTINGS_MENDS];

const STATIC_MENDS = [
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
  means: 'The site does not start again, or shows its settings and code to visitors when it fails.',
  fixes: IMPORT_MENDS,
  early: asksDjango,
  async run(host) {
    const state = await djangoState(host);
    if (state === undefined)
      return failing(
        'There is no settings.py, or no virtualenv.',
        'Run: studio-setup run virtualenv settings',
        IMPORT_MENDS,
      );
    if (state.importError !== undefined)
      return failing(
        `settings.py does not import: ${state.importError}`,
        'The services that run have an older one. Fix what it names, as www-data; or put the packages and values back: studio-setup run virtualenv settings',
        IMPORT_MENDS,
      );
    const open = [
      ...(state.debug ? ['DEBUG is on: errors show settings and code to every visitor'] : []),
      ...(state.insecureOauth
        ? ['OAUTHLIB_INSECURE_TRANSPORT is set: logins are taken over plain HTTP']
        : []),
    ];
    return open.length === 0
      ? fine('settings.py imports, and DEBUG is off.')
      : failing(
          `${open.join('; ')}.`,
          'Run: studio-setup run settings; then see that studio was restarted.',
          SETTINGS_MENDS,
        );
  },
};

export const databasePage: Check = {
  id: 'database',
  title: 'Database',
  asks: "Asks the database, with the site's own login, which migrations are applied.",
  means: 'Pages end in an error: all of them, or those whose tables are missing.',
  fixes: [...DATABASE_MENDS, 'migrate/tables', ...IMPORT_MENDS],
  async run(host) {
    const state = await djangoState(host);
    if (state === undefined)
      return failing('The site is not installed yet.', 'Run: studio-setup run', IMPORT_MENDS);
    if (state.importError !== undefined)
      return failing(
        `settings.py does not import, so the database can't be asked.`,
        'See Production settings above.',
        IMPORT_MENDS,
      );
    if (state.databaseError !== undefined)
      return failing(
        `The site can't use its database: ${state.databaseError.split('\n')[0]}`,
        'See that PostgreSQL runs (systemctl status postgresql) and that the password in settings.py is right: studio-setup run database',
        DATABASE_MENDS,
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
  asks: "Compares what collectstatic would copy with what is there, and fetches one of the files, and the style sheets that the front page names, as a visitor's browser does.",
  means: 'Pages come without their looks and scripts.',
  fixes: [...STATIC_MENDS, ...IMPORT_MENDS],
  async run(host, answers) {
    const files = (await djangoState(host))?.static;
    if (files === undefined)
      return failing(
        "The site can't say which static files it has.",
        'See Production settings above.',
        IMPORT_MENDS,
      );
    if (files.missing > 0)
      return failing(
        `In ${files.root} ${files.missing} files are missing or old.`,
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
      `See that the location in nginx is that of STATIC_URL and leads to ${files.root}, and that www-data may read there: studio-setup run configuration-files nginx start-nginx`,
      STATIC_MENDS,
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
  const { status, headers, error } = await host.request(url, { timeoutMs: 5000 });
  if (status !== 200) return `${url} returned ${error ?? `HTTP ${status}`} (expected 200).`;
  const type = headers['content-type'] ?? '';
  return type.startsWith('text/css')
    ? undefined
    : `${url} is served as ${type || 'no type'}, not as text/css.`;
}

export const siteRecordAgrees: Check = {
  id: 'site-record',
  title: 'Name in links',
  asks: "Reads the domain of Django's Site record.",
  means: 'Links in e-mails and feeds lead to another site.',
  fixes: [...DATABASE_MENDS, 'migrate/site-record'],
  async run(host, answers) {
    const { siteDomain, importError } = (await djangoState(host)) ?? {};
    const [domain] = namesOf(answers);
    const first = importError === undefined ? DATABASE_MENDS : IMPORT_MENDS;
    if (siteDomain === domain) return fine(`The Site record says ${domain}.`);
    if (siteDomain === undefined)
      return failing(
        "The Site record can't be read.",
        'See Database above; then: studio-setup run migrate',
        first,
      );
    return failing(
      `The Site record says ${siteDomain}, and the site is ${domain}.`,
      'Run: studio-setup run migrate',
      ['migrate/site-record'],
    );
  },
};

const QUEUE_MENDS = ['background-tasks/service', `restart:${SERVICES['studio-background'].unit}`];

/** Seconds that a due task may wait while nothing else is being worked on; the worker looks every few seconds. */
const WAITED_TOO_LONG = 15 * 60;

export const backgroundQueue: Check = {
  id: 'background-queue',
  title: 'Background tasks done',
  asks: 'Reads the table of background tasks: how long the oldest that is due has waited, and how long one has been worked on.',
  means: 'No e-mail is sent, no video is processed, although studio-background is active.',
  fixes: [...DATABASE_MENDS, ...QUEUE_MENDS],
  async run(host) {
    const state = await djangoState(host);
    const { queue } = state ?? {};
    if (queue === undefined)
      return state?.unapplied === undefined
        ? failing(
            "The table of background tasks can't be read.",
            'See Database above.',
            state?.importError === undefined ? DATABASE_MENDS : IMPORT_MENDS,
          )
        : fine('The site has no table of background tasks.');
    const { waiting, oldest = 0, locked, failed, maxRun } = queue;
    // One worker: while it is at a long video, all else waits, and rightly so.
    const atWork = locked !== undefined && locked <= maxRun;
    const givenUp = failed === 0 ? '' : ` Given up: ${failed} (see /admin/background_task/).`;
    if ((oldest <= WAITED_TOO_LONG || atWork) && (locked ?? 0) <= 2 * maxRun)
      return fine(`Waiting: ${waiting === 0 ? 'none' : waiting}.${givenUp}`);
    return failing(
      oldest > WAITED_TOO_LONG && !atWork
        ? `${waiting} are due and nobody takes them; the oldest has waited for ${spoken(oldest)}.`
        : `One has been worked on for ${spoken(locked ?? 0)}.`,
      'studio-background hangs, as it does on rare occasion: systemctl restart studio-background. If that does not help: journalctl -u studio-background -n 50',
      QUEUE_MENDS,
    );
  },
};

function spoken(seconds: number): string {
  return seconds < 2 * 60 * 60
    ? `${Math.round(seconds / 60)} minutes`
    : `${Math.round(seconds / 3600)} hours`;
}
