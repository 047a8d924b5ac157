import { chosenServer } from '../configs/nginx/chosen.ts';
import { withServer } from '../configs/nginx/clashes.ts';
import { type InForce, isRead, type ServerInForce } from '../configs/nginx/in-force.ts';
import { maintenanceServer, retryAfterIn } from '../configs/nginx/maintenance.ts';
import { NginxSyntaxError, NoSiteServerError } from '../configs/nginx/vhost.ts';
import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { ownFiles, visitedAddresses } from '../requirements/in-the-way.ts';
import { liveFolder, siteCertificate } from '../site/certificate.ts';
import { ACME_WEBROOT, MAINTENANCE, NGINX_SITE, NGINX_SITES } from '../site/layout.ts';
import { answerHere, isMaintenancePage } from '../site/maintenance.ts';
import { nginxInForce } from '../site/nginx-in-force.ts';
import { namesOnHost } from '../site/vhost.ts';
import { file } from './file.ts';
import { nginxLoaded } from './nginx-loaded.ts';
import { nginxTested } from './nginx-tested.ts';
import { withoutFile } from './own-units.ts';

/**
 * Seconds; after as long Mailgun sends a webhook again, and goes on for eight hours (documentation.mailgun.com, User Manual,
 * "Automatic Retries").
 */
export const RETRY_AFTER = 300;

/**
 * The maintenance page for all visitors of the site's names over HTTPS, by one file of root's and a graceful reload: old
 * workers end their requests, and new ones have the page (nginx.org/en/docs/control.html). The site's own file stays as it is,
 * whoever edited it; plain HTTP, with ACME's challenges, goes on, and so do other sites of this server.
 * @param prefix what the ids of the operations begin with
 * @param retryAfter seconds that clients are told to wait; absent: as they are told, else {@link RETRY_AFTER}
 */
export function maintenanceOn(prefix: string, retryAfter?: number): readonly Operation[] {
  return [
    file({
      id: `${prefix}/page`,
      title: 'the maintenance page',
      path: MAINTENANCE,
      tested: nginxTested,
      shell: [`editor ${MAINTENANCE}  # the site's names, return 503, Retry-After`],
      content: (host) => contentFor(host, retryAfter),
    }),
    nginxLoaded({
      id: `${prefix}/page-served`,
      title: 'visitors get the maintenance page',
      watches: [MAINTENANCE],
      answers: (host) => firstName(host, false),
    }),
  ];
}

/** Visitors get the site again. @param prefix what the ids of the operations begin with */
export function maintenanceOff(prefix: string): readonly Operation[] {
  return [
    withoutFile(`${prefix}/page-gone`, MAINTENANCE),
    nginxLoaded({
      id: `${prefix}/site-served`,
      title: 'visitors get the site',
      watches: [NGINX_SITES],
      answers: (host) => firstName(host, true),
    }),
  ];
}

/** @returns what is wrong with the first name that gets the page, or does not; `undefined` when none is */
async function firstName(host: Host, page: boolean): Promise<string | undefined> {
  for (const name of await siteNames(host)) {
    const answer = await answerHere(host, name);
    if (isMaintenancePage(answer) === page)
      return page
        ? `https://${name}/ still shows the maintenance page`
        : `https://${name}/ does not show the maintenance page (${answer.error ?? `HTTP ${answer.status}`})`;
  }
  return undefined;
}

/** @returns the names that get the page @throws ProblemError where the site is not set up */
export async function siteNames(host: Host): Promise<readonly [string, ...string[]]> {
  const names = await namesOnHost(host);
  if (names === undefined)
    throw problem('This server has no site with HTTPS.', 'Set it up first: studio-setup run');
  return [names.domain, ...names.extraNames];
}

async function contentFor(host: Host, retryAfter: number | undefined): Promise<string> {
  const names = await siteNames(host);
  const inForce = await nginxInForce(host);
  if (inForce === undefined)
    throw problem(
      'nginx could not be asked what it serves: it does not run, or refuses its configuration.',
      'See why: studio-setup doctor',
    );
  const [own] = await ownFiles(host, inForce);
  const source = own === undefined ? undefined : inForce.files.get(own);
  if (own === undefined || source === undefined)
    throw problem(`nginx does not read ${NGINX_SITE}.`, 'Let it: studio-setup run nginx start-nginx');
  const { name, installed } = await siteCertificate(host, names);
  const text = textFrom(source, {
    names,
    certificate: liveFolder(installed?.name ?? name),
    webroot: ACME_WEBROOT,
    retryAfter: retryAfter ?? retryAfterIn((await host.read(MAINTENANCE)) ?? '') ?? RETRY_AFTER,
  });
  await goesFirst(host, inForce, names);
  return text;
}

function textFrom(source: string, options: Parameters<typeof maintenanceServer>[1]): string {
  try {
    return maintenanceServer(source, options);
  } catch (error) {
    if (error instanceof NginxSyntaxError || error instanceof NoSiteServerError || error instanceof TypeError)
      throw problem(
        `The maintenance page can't be made for ${NGINX_SITE}: ${error.message}`,
        'Change that there, load it (nginx -t && systemctl reload nginx), then start the same command again.',
      );
    throw error;
  }
}

/** By nginx's own rules, as {@link chosenServer} has them. @throws ProblemError where it would not choose the page's server */
async function goesFirst(host: Host, inForce: InForce, names: readonly string[]): Promise<void> {
  if (!isRead(inForce, MAINTENANCE))
    throw problem(
      `nginx would not read ${MAINTENANCE}: no "include" of its configuration names ${NGINX_SITES}/.`,
      `Add the line "include ${NGINX_SITES}/*;" to the http block of /etc/nginx/nginx.conf, above other includes, test it with nginx -t, then start the same command again.`,
    );
  // Of a folder that has nothing yet it is not known when it is read: then what nginx answers afterwards decides.
  if (![...inForce.files.keys()].some((each) => each.startsWith(`${NGINX_SITES}/`))) return;
  for (const address of await visitedAddresses(host, names))
    for (const name of names) {
      const now = chosenServer(inForce, { address, port: 443, name })?.server;
      if (now === undefined) continue;
      const page: ServerInForce = { ...now, file: MAINTENANCE, line: 1 };
      const chosen = chosenServer(withServer(inForce, page), { address, port: 443, name })?.server;
      if (chosen !== undefined && chosen.file !== MAINTENANCE)
        throw problem(
          `nginx reads ${chosen.file} before ${MAINTENANCE}: visitors of ${name} would not get the page.`,
          `Let nginx read that file from ${NGINX_SITES}/ alone, test it with nginx -t, then start the same command again.`,
        );
    }
}

function problem(what: string, remedy: string): ProblemError {
  return new ProblemError({ what: `${what} Nothing was changed.`, remedy });
}
