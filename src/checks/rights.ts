import path from 'node:path';
import { programsOfRoot } from '../configs/service.ts';
import type { Host } from '../host/host.ts';
import { distrust } from '../host/trusted-path.ts';
import { djangoState } from '../site/django.ts';
import {
  ACME_WEBROOT,
  CHECKOUT,
  CONFIG,
  MEILISEARCH_DATA,
  MEILISEARCH_KEY_FILE,
  RENEWAL_HOOK,
  SETTINGS,
  SITE_UNITS,
  SITE_USER,
  UNITS,
  UWSGI_INI,
  VENV,
  WWW,
} from '../site/layout.ts';
import { unitProgram } from '../site/meilisearch.ts';
import { madeBeside } from '../site/releases.ts';
import { allowed, found, present, type Right, rightsTo } from './access.ts';
import { type Check, type Fix, failing, fine } from './check.ts';
import { unitFix } from './fixes.ts';

export const siteCanWork: Check = {
  id: 'rights',
  title: `Permissions of ${SITE_USER}`,
  asks: `Tests, as ${SITE_USER}, whether it can read, execute and write what the services need. Looks for files of other accounts in the checkout, the configuration, the virtualenv and the search data.`,
  means: 'Uploads fail, services will not start again, or the next update stops halfway.',
  daily: true,
  fixes: [
    'working-directory/www',
    'ownership',
    'settings/production',
    'meilisearch/program',
    'meilisearch/data-owner',
  ],
  async run(host) {
    const findings = await Promise.all([wrongWithoutDjango(host), wrongByDjango(host)]);
    const refused = findings.flatMap((each) => each.refused);
    const [foreign] = findings.flatMap((each) => each.foreign ?? []);
    if (refused.length === 0 && foreign === undefined)
      return fine(`${SITE_USER} can read, execute and write what the services need.`);
    return failing(
      [
        ...refused.map((each) => `${each} by ${SITE_USER}`),
        ...(foreign ? [`${foreign} belongs to another account`] : []),
      ].join('; '),
      `Run: studio-setup run working-directory ownership settings meilisearch. If a path is still named afterwards, run chown -R ${SITE_USER}:${SITE_USER} and chmod -R u+rwX on it.`,
      this.fixes,
    );
  },
};

interface Wrong {
  readonly refused: readonly string[];
  readonly foreign: string | undefined;
}

/** What can be looked at before Django has said where the site's files are, which takes longer than all else. */
async function wrongWithoutDjango(host: Host): Promise<Wrong> {
  const wanted = {
    readable: [SETTINGS, UWSGI_INI, `${CHECKOUT}/manage.py`],
    executable: [`${VENV}/bin/python`, (await unitProgram(host)) ?? ''],
    writable: [WWW, CHECKOUT, VENV, MEILISEARCH_DATA],
  };
  const venv = await madeBeside(host, VENV);
  const [refused, foreign] = await Promise.all([
    refusedRights(host, wanted),
    foreignFile(host, [CONFIG, venv, MEILISEARCH_DATA]),
  ]);
  return { refused, foreign };
}

/** Uploads, which are in the checkout or outside of all this, are skipped: they may be hundreds of thousands of files. */
async function wrongByDjango(host: Host): Promise<Wrong> {
  const { media, static: files } = (await djangoState(host)) ?? {};
  const [refused, foreign] = await Promise.all([
    refusedRights(host, { writable: [media ?? '', files?.root ?? ''] }),
    foreignFile(host, [CHECKOUT], media),
  ]);
  return { refused, foreign };
}

/** @returns `PATH is not writable`, for each right that the site's account lacks to a path that is there */
async function refusedRights(
  host: Host,
  wanted: Readonly<Partial<Record<Right, readonly string[]>>>,
): Promise<readonly string[]> {
  const there = await present(
    host,
    [...new Set(Object.values(wanted).flat())].filter((path) => path !== ''),
  );
  const rights = await rightsTo(host, SITE_USER, there);
  return Object.entries(wanted).flatMap(([right, paths]) =>
    paths
      .filter((path) => there.includes(path) && !rights.get(path)?.has(right as Right))
      .map((path) => `${path} is not ${right}`),
  );
}

/** @param skipped absolute path of a folder that is not looked into */
async function foreignFile(
  host: Host,
  folders: readonly string[],
  skipped?: string,
): Promise<string | undefined> {
  const there = await present(host, folders);
  if (there.length === 0) return undefined;
  const pruned = skipped === undefined ? [] : ['-path', skipped, '-prune', '-o'];
  const foreign = ['(', '!', '-user', SITE_USER, '-o', '!', '-group', SITE_USER, ')'];
  const stdout = await found(host, ['find', ...there, ...pruned, ...foreign, '-print', '-quit']);
  return stdout.split('\n')[0] || undefined;
}

/** Where root reads configuration or starts programs from. Links are followed: what counts is the file. */
const ROOTS_OWN = [
  '/etc',
  '/usr/local/bin',
  '/usr/local/sbin',
  ACME_WEBROOT,
  '/var/lib/studio-setup',
  '/var/spool/cron/crontabs',
];

/** nginx is started by root and reads the site's own files in /var/www/config, which the document gives to www-data. */
const BY_DOCUMENT = `The document gives ${CONFIG} to ${SITE_USER}, and nginx, started by root, reads it: whoever takes over the site can change what nginx serves.`;

export const rootsFilesAreClosed: Check = {
  id: 'roots-files',
  title: "Root's files",
  asks: `Tests, as ${SITE_USER} and following links, whether it can write anything that root reads or starts: /etc, root's own programs, what units start as root. ${BY_DOCUMENT}`,
  means: 'Whoever takes over the site can take over the whole server.',
  daily: true,
  fixes: ['configuration-files', 'certificate/renewal-hook', 'meilisearch/unit', 'meilisearch/master-key'],
  async run(host) {
    const programs = await startedByRoot(host);
    const started = [...new Set((await Promise.all(programs.map((each) => openParts(host, each)))).flat())];
    const find = [
      'find',
      '-L',
      ...ROOTS_OWN,
      '(',
      '-type',
      'f',
      '-o',
      '-type',
      'd',
      ')',
      '-writable',
      '-print0',
    ];
    const [below, programsOpen] = await Promise.all([
      found(host, find, { as: SITE_USER }),
      allowed(host, SITE_USER, 'writable', started),
    ]);
    const open = [...programsOpen];
    for (const each of below.split('\0'))
      if (each !== '' && !(await isDocuments(host, each))) open.push(each);
    return open.length === 0
      ? fine(
          `${SITE_USER} can write none of them, except nginx's files in ${CONFIG}, as the document has it.`,
        )
      : failing(
          `${SITE_USER} can write ${open.slice(0, 5).join(', ')}${open.length > 5 ? ` and ${open.length - 5} more` : ''}, which root reads or starts.`,
          "Check what they contain. Then run chown root:root and chmod go-w on each. For studio-setup's own files: studio-setup run configuration-files certificate meilisearch",
          open.flatMap(fixesOf),
        );
  },
};

/** @returns the operation that sets owner and mode of a file of the product's */
function fixesOf(file: string): readonly Fix[] {
  if (file === RENEWAL_HOOK) return ['certificate/renewal-hook'];
  if (file === MEILISEARCH_KEY_FILE) return ['meilisearch/master-key'];
  const name = path.basename(file);
  return SITE_UNITS.includes(name) && path.dirname(file) === UNITS ? [unitFix(name)] : [];
}

/** A link into /var/www/config, as the document has it made. */
async function isDocuments(host: Host, path: string): Promise<boolean> {
  if (!path.startsWith('/etc/nginx/')) return false;
  const status = await host.status(path);
  return status?.type === 'link' && status.target?.startsWith(`${CONFIG}/`) === true;
}

/** Who can write to a folder on the way, or to where a link leads, can put another program in its place. */
async function openParts(host: Host, program: string): Promise<readonly string[]> {
  const why = await distrust(host, program);
  return [program, path.dirname(program), ...(why === undefined ? [] : [why.part])];
}

/** @returns programs that root's units start, and Meilisearch, which root asks for its version */
async function startedByRoot(host: Host): Promise<readonly string[]> {
  const names = (await host.list(UNITS)).filter((name) => name.endsWith('.service'));
  const programs = await Promise.all(
    names.map(async (name) => {
      const status = await host.status(`${UNITS}/${name}`);
      const unit = status?.type === 'file' ? ((await host.read(`${UNITS}/${name}`)) ?? '') : '';
      return programsOfRoot(unit);
    }),
  );
  const meilisearch = (await unitProgram(host)) ?? [];
  return present(host, [...new Set([...programs.flat(), meilisearch].flat())]);
}
