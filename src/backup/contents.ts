import type { Host, ProgramResult } from '../host/host.ts';
import { sumOf } from '../host/journal.ts';
import { distrusted } from '../host/trusted-path.ts';
import { REPOSITORY_ACCESS } from '../operations/deploy-key.ts';
import { siteCertificate } from '../site/certificate.ts';
import { djangoState } from '../site/django.ts';
import { MEILISEARCH_KEY_FILE, SETTINGS, SITE_USER, WWW } from '../site/layout.ts';
import type { SiteNames } from '../site/vhost.ts';

/** certbot's folder; what it keeps where, its own documentation says ("Where are my certificates?"). */
const LETSENCRYPT = '/etc/letsencrypt';

/** What of the server's files can't be made again: absolute paths of files, folders and links. */
export interface Contents {
  /** Read by root: nobody else decides what stands there. */
  readonly root: readonly string[];
  /** Read by the site's own account. */
  readonly site: readonly string[];
  /** Those of both that the operator edited or declared theirs. */
  readonly edited: readonly string[];
  /** Left out, as another account could have root read something else there. Each a whole sentence. */
  readonly left: readonly string[];
}

/**
 * @param names of the site @param edited files that the operator edited or declared theirs
 * @returns what goes into an archive beside the database and the answers; what is not there is not in it
 */
export async function contentsOf(host: Host, names: SiteNames, edited: readonly string[]): Promise<Contents> {
  const { installed } = await siteCertificate(host, [names.domain, ...names.extraNames]);
  const { media } = (await djangoState(host)) ?? {};
  const lineage =
    installed === undefined
      ? []
      : [
          `${LETSENCRYPT}/live/${installed.name}`,
          `${LETSENCRYPT}/archive/${installed.name}`,
          `${LETSENCRYPT}/renewal/${installed.name}.conf`,
        ];
  const wanted = new Set([
    SETTINGS,
    ...(await targetOf(host, SETTINGS)),
    ...(media === undefined ? [] : [media]),
    MEILISEARCH_KEY_FILE,
    ...REPOSITORY_ACCESS,
    `${LETSENCRYPT}/accounts`,
    ...lineage,
    ...edited,
  ]);
  const root: string[] = [];
  const site: string[] = [];
  const left: string[] = [];
  for (const path of wanted) {
    if ((await host.status(path)) === undefined) continue;
    const distrust = path.startsWith(`${WWW}/`) || path === media ? undefined : await distrusted(host, path);
    if (path.startsWith(`${WWW}/`) || path === media) site.push(path);
    else if (distrust === undefined) root.push(path);
    else left.push(`${path} is not backed up: root would read it, and ${distrust}.`);
  }
  return { root, site, edited: edited.filter((path) => root.includes(path) || site.includes(path)), left };
}

/** settings.py may be a link to a file that several releases share: then that file is what can't be made again. */
async function targetOf(host: Host, file: string): Promise<readonly string[]> {
  if ((await host.status(file))?.type !== 'link') return [];
  const { code, stdout } = await host.query(
    ['readlink', '--canonicalize-existing', '--no-newline', '--', file],
    {
      as: SITE_USER,
    },
  );
  return code === 0 && stdout.startsWith(`${WWW}/`) ? [stdout] : [];
}

/**
 * @param written paths that the product wrote at some time @param mine those that the operator declared theirs
 * @returns which of them are no longer as the product wrote them, and all that are the operator's
 */
export async function editedFiles(
  host: Host,
  written: readonly string[],
  mine: readonly string[],
): Promise<readonly string[]> {
  const edited: string[] = [];
  // These go in by themselves, and the site's steps set single values in them.
  const known = [SETTINGS, MEILISEARCH_KEY_FILE, ...mine];
  for (const path of written.filter((each) => !known.includes(each))) {
    if (!/^\/(etc|var\/www)\//.test(path) || (await host.status(path))?.type !== 'file') continue;
    const bytes = await host.bytes(path, path.startsWith(`${WWW}/`) ? { as: SITE_USER } : {});
    const record = await host.written(path);
    if (bytes !== undefined && ![record?.sha256, record?.before].includes(sumOf(bytes))) edited.push(path);
  }
  return [...edited, ...mine];
}

/** @returns what tar(1) means when the site went on while it read */
export function changedWhileRead({ stderr }: ProgramResult): { what: string; remedy: string } | undefined {
  return /(No such file or directory|file removed before we read it|file changed as we read it)$/m.test(
    stderr,
  )
    ? { what: 'A file changed, or went away, while it was read.', remedy: 'The site is in use: try again.' }
    : undefined;
}
