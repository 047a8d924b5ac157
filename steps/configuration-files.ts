import type { Answers } from '../src/answers/answers.ts';
import { setIniValue, setPythonPlugin, withoutPythonPlugin } from '../src/configs/ini.ts';
import { masterKeyOf, meilisearchUnit } from '../src/configs/meilisearch.ts';
import { balancersFile } from '../src/configs/nginx/balanced.ts';
import { servingFiles } from '../src/configs/nginx/served.ts';
import { bootstrapVhost } from '../src/configs/nginx/vhost.ts';
import { setExecStartProgram } from '../src/configs/service.ts';
import { timerTarget } from '../src/configs/timer.ts';
import type { Change, Departure, NotYet, Operation } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { file } from '../src/operations/file.ts';
import { folder } from '../src/operations/folder.ts';
import { nginxTested } from '../src/operations/nginx-tested.ts';
import { ProblemError } from '../src/output/problem.ts';
import {
  furtherUnitsScript,
  httpSiteScript,
  httpsSiteScript,
  meilisearchUnitScript,
  nginxFileScript,
  servedScript,
  siteFileScript,
  unitScript,
  uwsgiIniScript,
} from '../src/script/deployed.ts';
import { siteCertificate } from '../src/site/certificate.ts';
import { checkoutFile, deployed } from '../src/site/deployed.ts';
import { djangoState } from '../src/site/django.ts';
import { enablementLinks } from '../src/site/enablement.ts';
import {
  ACME_WEBROOT,
  BALANCERS,
  CHECKOUT,
  CONFIG,
  CONFIGURED_UNITS,
  DEPLOY,
  MEILISEARCH_DUMPS,
  MEILISEARCH_KEY_FILE,
  MEILISEARCH_SNAPSHOTS,
  NGINX_COMMON,
  NGINX_SITE,
  SITE_UNITS,
  SITE_USER,
  UNITS,
  UWSGI_INI,
  WWW,
} from '../src/site/layout.ts';
import { installedUnit } from '../src/site/meilisearch.ts';
import { unitOptions } from '../src/site/meilisearch-unit.ts';
import { formerNamesOf, namesOf } from '../src/site/names.ts';
import { doubtsOfNginx, doubtsOfUnit, packagedUnitFile, uncommitted } from '../src/site/provenance.ts';
import { needsManagedPython } from '../src/site/python.ts';
import { CODE, hasAnyRole, isBalanced } from '../src/site/roles.ts';
import { servedHere } from '../src/site/served-files.ts';
import { SERVICES } from '../src/site/services.ts';
import { VENV_UWSGI } from '../src/site/uwsgi.ts';
import { hasIpv6, httpsVhost, httpVhost } from '../src/site/vhost.ts';

const UWSGI_PARAMS = `${CONFIG}/uwsgi_params`;
const POETRY_CONFIG = `${WWW}/.config/pypoetry/config.toml`;

const MEILISEARCH_UNIT = SERVICES.meilisearch.unit;

const section: Section = {
  id: 'configuration-files',
  title: 'Configuration files',
  heading: 'Configuration files',
  summary:
    "The files from the repository's deploy/ folder, installed at their paths, with your domain filled in.",
  reads: ['meilisearch'],
  needs: ['working-directory', 'requirements/services'],
  questions: [],
  operations: (answers) => [
    ...CONFIGURED_UNITS.map((name) =>
      unitFile(answers, name, { id: `configuration-files/${name}`, after: ['working-directory'] }),
    ),
    wwwFolder('config', CONFIG, ['working-directory']),
    wwwFolder('config-parent', `${WWW}/.config`, ['configuration-files/config']),
    wwwFolder('config-pypoetry', `${WWW}/.config/pypoetry`, ['configuration-files/config-parent']),
    wwwFile(answers, POETRY_CONFIG, { covers: ['copy-dot-config'] }),
    wwwFile(answers, UWSGI_PARAMS, { doubts: doubtsOfNginx, script: nginxFileScript(UWSGI_PARAMS) }),
    ...(hasAnyRole(answers, 'web')
      ? [
          nginxCommon(answers, { id: 'configuration-files/nginx_studio.common.conf' }, isSetUp),
          ...(isBalanced(answers) ? [balancers(answers)] : []),
          nginxSite(answers, 'configuration-files/nginx-site', [
            'configuration-files/config',
            isBalanced(answers) ? 'configuration-files/balancers' : 'requirements/services',
          ]),
        ]
      : []),
    others(),
  ],
};
export default section;

/**
 * The unit of Meilisearch, for its own section: the key that a hand-made one holds goes on to its own file first, and a
 * section that this one needs can't be waited for here.
 */
export function meilisearchUnitFile(answers: Answers, id: string, after: readonly string[]): Operation {
  return unitFile(answers, MEILISEARCH_UNIT, { id, after });
}

/**
 * uWSGI's settings, for its own section: they name the plugin that its packages bring, and these are the last that a run
 * installs.
 */
export function uwsgiIni(answers: Answers, place: Pick<Operation, 'id' | 'after'>): Operation {
  return wwwFile(answers, UWSGI_INI, {
    ...place,
    change: async (source, host) => {
      if (await needsManagedPython(host))
        return setIniValue(withoutPythonPlugin(source), 'binary-path', VENV_UWSGI);
      const plugin = await pythonPlugin(host);
      return plugin === undefined
        ? { later: "needs uWSGI's Python plugin" }
        : setPythonPlugin(source, plugin);
    },
    script: uwsgiIniScript(),
    // uWSGI reads it as www-data, so no line of it has a right that www-data has not.
    doubts: uncommitted,
    departure: {
      id: 'uwsgi-plugin',
      document: 'plugin = python38',
      instead: "The plugin matches this server's Python.",
      why: 'If the plugin is missing, uWSGI keeps running and systemd reports it active, but the site does not answer.',
    },
  });
}

/** What a first installation does last, also when it goes on after a stop. */
const isSetUp = async (host: Host) =>
  Object.keys(await enablementLinks(host, SERVICES.studio.unit)).length > 0;

/**
 * What all server blocks of the site have in common. Which addresses are files, only the site's settings tell. Until the site is set
 * up, adding those is nginxStaticFiles' work: whether the settings import before that depends on how far the installation of the
 * packages has got.
 */
function nginxCommon(
  answers: Answers,
  place: Pick<Operation, 'id' | 'after'>,
  mayAskDjango: (host: Host) => Promise<boolean>,
): Operation {
  return wwwFile(answers, NGINX_COMMON, {
    ...place,
    doubts: doubtsOfNginx,
    script: nginxFileScript(NGINX_COMMON),
    change: async (source, host) => {
      const served = (await mayAskDjango(host)) ? (await djangoState(host))?.served : undefined;
      if (served === undefined) return (await host.read(NGINX_COMMON, { as: SITE_USER })) ?? source;
      return servingFiles(
        source,
        await servedHere(host, served, namesOf(answers), await deployed(host, answers, NGINX_SITE)),
      );
    },
    departure: {
      id: 'static-location',
      document: 'cp deploy/var/www/config/* /var/www/config/ (nginx serves /static-studio)',
      instead:
        'nginx also serves static files and uploads at the addresses from settings.py (STATIC_URL, MEDIA_URL).',
      why: "The site's STATIC_URL is /static/. Its pages load style sheets from there, and each request would be redirected to a page that does not exist.",
    },
  });
}

/** The same once the settings import, for nginx's section: on a new host that is after everything else. */
export function nginxStaticFiles(answers: Answers, id: string): Operation {
  const after = ['configuration-files/nginx_studio.common.conf', 'settings', 'virtualenv'];
  const agreed = nginxCommon(answers, { id, after }, async () => true);
  return {
    ...agreed,
    title: 'static files at the addresses from settings.py',
    script: servedScript(),
    async observe(host) {
      const known = (await djangoState(host))?.served !== undefined;
      const willBeWritten = host.willChange(NGINX_COMMON);
      if (known && !willBeWritten) return agreed.observe(host);
      if (known && (await isSetUp(host))) return undefined;
      return {
        later: known ? `needs ${NGINX_COMMON}` : 'needs settings that import',
        ...{ summary: NGINX_COMMON, shell: [`editor ${NGINX_COMMON}  # location of STATIC_URL`] },
        touches: [NGINX_COMMON],
      };
    },
  };
}

function unitFile(answers: Answers, name: string, place: Pick<Operation, 'id' | 'after'>): Operation {
  const path = `${UNITS}/${name}`;
  const isMeilisearch = name === MEILISEARCH_UNIT;
  const departure = isMeilisearch
    ? [keyInOwnFile, ...meilisearchDepartures]
    : name.endsWith('.timer')
      ? timersTarget
      : undefined;
  return file({
    ...place,
    path,
    covers: [
      'copy-units',
      'exact-paths',
      'run-as-www-data',
      ...(isMeilisearch
        ? ['meilisearch-unit', 'meilisearch-production', 'meilisearch-sentry', 'files-change-me']
        : []),
    ],
    shell: [`cp ${DEPLOY}${path} ${path}`],
    script: isMeilisearch ? meilisearchUnitScript(answers.text('meilisearch.version')) : unitScript(name),
    ...(departure ? { departure } : {}),
    async content(host) {
      const source = await deployed(host, answers, path);
      if (typeof source !== 'string') return source;
      if (name === SERVICES.studio.unit && (await needsManagedPython(host)))
        return setExecStartProgram(source, VENV_UWSGI);
      return isMeilisearch ? meilisearchFor(host, source, answers) : timerTarget(source);
    },
    // Where there is no checkout, it is the product's own.
    ...(hasAnyRole(answers, ...CODE)
      ? {
          doubts: (host, content) => doubtsOfUnit(host, name, content),
          source: (host) => checkoutFile(host, path),
        }
      : {}),
    async pristine(host) {
      const source = await checkoutFile(host, path);
      if (source === undefined) return [];
      return [source, timerTarget(source), ...(isMeilisearch ? await withKeyInPlace(host, source) : [])];
    },
  });
}

/** As the document has it: the unit with nothing but the key filled in. The key goes on to its own file. */
async function withKeyInPlace(host: Host, source: string): Promise<readonly string[]> {
  const installed = await host.read(`${UNITS}/${MEILISEARCH_UNIT}`);
  const key = installed === undefined ? undefined : masterKeyOf(installed);
  return key === undefined ? [] : [source.replace('MEILI_MASTER_KEY=CHANGE_ME', `MEILI_MASTER_KEY=${key}`)];
}

async function meilisearchFor(host: Host, source: string, answers: Answers): Promise<string> {
  const version = answers.text('meilisearch.version');
  return meilisearchUnit(source, unitOptions(source, version, await installedUnit(host)));
}

const meilisearchDepartures: readonly Departure[] = [
  {
    id: 'no-analytics',
    document: 'ExecStart=… --no-analytics true',
    instead: 'From Meilisearch 0.26 on: Environment=MEILI_NO_ANALYTICS=true instead of the option.',
    why: 'These versions reject the value (exit code 2) and never start; all of them accept the variable.',
  },
  {
    id: 'meilisearch-folders',
    document: 'the unit names no folder for dumps and snapshots',
    instead: `From Meilisearch 0.30 on, the unit names ${MEILISEARCH_DUMPS} and ${MEILISEARCH_SNAPSHOTS}, which are created for www-data.`,
    why: 'These versions create dumps/ in their working directory at each start. That is /, where www-data may not write, so they exit with "Permission denied".',
  },
  {
    id: 'meilisearch-sentry',
    document: '(Optional) replace CHANGE_ME part of Environment=SENTRY_DSN line with your Sentry DSN',
    instead: 'You are not asked for a DSN; both lines stay as they are.',
    why: 'Meilisearch dropped Sentry in 0.22: a DSN has no effect in any version that studio-setup installs.',
  },
];

const keyInOwnFile: Departure = {
  id: 'master-key-file',
  document: 'Use the resulting value to replace CHANGE_ME of Environment=MEILI_MASTER_KEY=CHANGE_ME',
  instead: `The key is in ${MEILISEARCH_KEY_FILE} (mode 0600), which the unit reads by EnvironmentFile=.`,
  why: 'Every local user can read unit files, and Environment= with systemctl show.',
};

const timersTarget: Departure = {
  id: 'timers-target',
  document: 'WantedBy=timer.target in every timer',
  instead: 'WantedBy=timers.target',
  why: 'There is no timer.target. The timers run once enabled and started, but all are inactive after a reboot.',
};

function wwwFolder(name: string, path: string, after: readonly string[]): Operation {
  return folder({
    id: `configuration-files/${name}`,
    path,
    after,
    owner: SITE_USER,
    group: SITE_USER,
    mode: 0o2755,
    covers: ['copy-config', 'config-owner'],
    departure: {
      id: 'target-folders',
      document: 'cp deploy/var/www/config/* /var/www/config/',
      instead: 'The folders are created first, owned by www-data.',
      why: 'They do not exist on a new server, so the copy fails.',
    },
  });
}

interface WwwFile extends Partial<Pick<Operation, 'id' | 'after'>> {
  readonly doubts?: typeof doubtsOfNginx;
  readonly covers?: readonly string[];
  readonly departure?: Departure;
  readonly script?: readonly string[];
  readonly change?: (source: string, host: Host) => Promise<string | NotYet>;
}

function wwwFile(
  answers: Answers,
  path: string,
  { id, after, covers = [], departure, change, doubts, script = siteFileScript(path) }: WwwFile,
): Operation {
  return file({
    id: id ?? `configuration-files/${path.slice(path.lastIndexOf('/') + 1)}`,
    path,
    as: SITE_USER,
    covers: ['copy-config', 'exact-paths', 'config-owner', 'edit-as-www-data', ...covers],
    after: after ?? [
      path === POETRY_CONFIG ? 'configuration-files/config-pypoetry' : 'configuration-files/config',
      'requirements/services',
    ],
    shell: [`cp ${DEPLOY}${path} ${path}`],
    script,
    ...(departure ? { departure } : {}),
    ...(/\/(nginx_[^/]*|uwsgi_params)$/.test(path) ? { tested: nginxTested } : {}),
    async content(host) {
      const source = await deployed(host, answers, path);
      return typeof source === 'string' && change ? change(source, host) : source;
    },
    ...(doubts
      ? {
          doubts: (host, content) => doubts(host, path, content),
          source: (host) => checkoutFile(host, path),
        }
      : {}),
    pristine: async (host) => [(await checkoutFile(host, path)) ?? ''].filter((text) => text !== ''),
  });
}

/**
 * The site's vhost: without a certificate it serves HTTP only, because nginx refuses a configuration that names
 * certificates which are not there (trap 4); with one, the repository's own HTTPS site.
 */
export function nginxSite(
  answers: Answers,
  id: string,
  after: readonly string[],
  onlyWithCertificate = false,
): Operation {
  const former = formerNamesOf(answers);
  const [domain, ...extraNames] = namesOf(answers);
  const names = { domain, extraNames, webroot: ACME_WEBROOT };
  const withoutCertificate = async (host: Host) =>
    bootstrapVhost({ ...names, extraNames: [...extraNames, ...former], ipv6: await hasIpv6(host) });
  return file({
    id,
    path: NGINX_SITE,
    tested: nginxTested,
    title: onlyWithCertificate ? 'the HTTPS site' : NGINX_SITE,
    as: SITE_USER,
    after,
    covers: [
      'copy-config',
      'exact-paths',
      'config-owner',
      'edit-as-www-data',
      'change-domain',
      'nginx-domain',
    ],
    shell: [
      `cp ${DEPLOY}${NGINX_SITE} ${NGINX_SITE}`,
      `sed -i 's/studio\\.blender\\.org/${domain}/g' ${NGINX_SITE}`,
    ],
    script: onlyWithCertificate ? httpsSiteScript(answers) : httpSiteScript(answers),
    departure: {
      id: 'http-first',
      document: 'Symlink the nginx config, get a certificate, nginx -t',
      instead:
        'First an HTTP-only site, then the certificate, then the HTTPS site, which has only your own names.',
      why: 'The configuration names TLS files that exist only after certbot has run: nginx rejects it, and so does certbot.',
    },
    async content(host) {
      if (isBalanced(answers)) return httpVhost(host, answers);
      const source = await deployed(host, answers, NGINX_SITE);
      if (typeof source !== 'string') return source;
      // One that lacks a further name, or has ended, still serves: taking HTTPS away from a live site would be worse.
      if ((await siteCertificate(host, namesOf(answers))).installed === undefined) {
        return onlyWithCertificate ? { later: 'needs the certificate' } : withoutCertificate(host);
      }
      return httpsVhost(host, answers);
    },
    doubts: (host, content) => doubtsOfNginx(host, NGINX_SITE, content),
    source: (host) => checkoutFile(host, NGINX_SITE),
    pristine: async (host) => {
      const before = await withoutCertificate(host);
      return [before, (await checkoutFile(host, NGINX_SITE)) ?? before];
    },
  });
}

function balancers(answers: Answers): Operation {
  const text = balancersFile(answers.list('load-balancers'));
  return file({
    id: 'configuration-files/balancers',
    path: BALANCERS,
    tested: nginxTested,
    after: ['requirements/services'],
    shell: [`editor ${BALANCERS}  # geo $realip_remote_addr $studio_balancer`],
    content: async () => text,
  });
}

/** @returns uWSGI's plugin for the host's Python, e.g. `python311`; `python3` where only that is there. */
async function pythonPlugin(host: Host): Promise<string | undefined> {
  const names = await host.list('/usr/lib/uwsgi/plugins');
  const plugins = names.flatMap((name) => /^(python3\d*)_plugin\.so$/.exec(name)?.[1] ?? []);
  return plugins.find((name) => name !== 'python3') ?? plugins[0];
}

/** `cp deploy/etc/systemd/system/*` copies whatever is there: units that this product does not know go along as they are. */
function others(): Operation {
  const title = 'other units of the repository';
  return {
    id: 'configuration-files/others',
    title,
    after: ['working-directory'],
    covers: ['copy-units'],
    script: furtherUnitsScript(SITE_UNITS),
    async observe(host) {
      const changes: Change[] = [];
      for (const name of await furtherUnits(host)) {
        const change = await furtherUnit(name).observe(host);
        if (change !== undefined && 'apply' in change) changes.push(change);
      }
      const [first] = changes;
      if (first === undefined) return undefined;
      const conflict = changes.find((change) => change.conflict)?.conflict;
      return {
        kind: 'create',
        summary: changes.map((change) => change.summary).join(', '),
        diff: changes.map((change) => change.diff ?? '').join('\n'),
        shell: changes.flatMap((change) => change.shell),
        touches: changes.flatMap((change) => change.touches ?? []),
        judged: changes.flatMap((change) => change.judged ?? []),
        ...(conflict ? { conflict } : {}),
        async apply(live) {
          for (const change of changes) await change.apply(live);
        },
      };
    },
  };
}

/** More than a site has, and few enough to look at: each is read, and asked about. */
const MOST_FURTHER = 50;

/** @returns units of the checkout that the document does not name, and that are nobody else's on this server */
async function furtherUnits(host: Host): Promise<readonly string[]> {
  const names = (await host.list(`${DEPLOY}${UNITS}`)).filter(
    (name) => !SITE_UNITS.includes(name) && /^[\w.:@-]+\.(service|timer|socket|target|path)$/.test(name),
  );
  if (names.length > MOST_FURTHER)
    throw new ProblemError({
      what: `The checkout has ${names.length} units in deploy${UNITS} besides those of the document; at most ${MOST_FURTHER} are installed. None was installed.`,
      remedy: `Find out who added them (git -C ${CHECKOUT} log -- deploy${UNITS}), remove what the site does not need, then run again.`,
    });
  const own: string[] = [];
  for (const name of names) {
    const owner = await ownerOf(host, name);
    if (owner === undefined) own.push(name);
    else
      host.warn(
        `deploy${UNITS}/${name} is not installed: ${owner}. If the site needs this unit, rename it in the repository.`,
      );
  }
  return own;
}

/** @returns whose unit of that name there is, where it is not the checkout's: it is never overwritten */
async function ownerOf(host: Host, name: string): Promise<string | undefined> {
  const packaged = await packagedUnitFile(host, name);
  if (packaged !== undefined) return `a package owns ${packaged}`;
  const path = `${UNITS}/${name}`;
  if ((await host.status(path)) === undefined || (await host.written(path)) !== undefined) return undefined;
  const installed = await host.read(path);
  return installed === (await checkoutFile(host, path)) ? undefined : `a different ${path} exists`;
}

function furtherUnit(name: string): Operation {
  const path = `${UNITS}/${name}`;
  return file({
    id: `configuration-files/${name}`,
    path,
    shell: [`cp ${DEPLOY}${path} ${path}`],
    content: async (host) => timerTarget((await checkoutFile(host, path)) ?? ''),
    pristine: async (host) => [(await checkoutFile(host, path)) ?? ''],
    source: (host) => checkoutFile(host, path),
    doubts: async (host, content) => [
      ...(await doubtsOfUnit(host, name, content)),
      ...((await isNew(host, path)) ? ['it did not exist at the last run'] : []),
    ],
  });
}

/** A first installation has written none of the units yet. */
async function isNew(host: Host, path: string): Promise<boolean> {
  const [known, first] = await Promise.all([
    host.written(path),
    host.written(`${UNITS}/${SERVICES.studio.unit}`),
  ]);
  return known === undefined && first !== undefined;
}
