import type { Answers } from '../answers/answers.ts';
import { bootstrapVhost } from '../configs/nginx/vhost.ts';
import {
  ACME_WEBROOT,
  CHECKOUT,
  MEILISEARCH_DUMPS,
  MEILISEARCH_KEY_FILE,
  MEILISEARCH_SNAPSHOTS,
  NGINX_COMMON,
  NGINX_SITE,
  SITE_USER,
  UNITS,
  UWSGI_INI,
} from '../site/layout.ts';
import { folderVariables, makesFolders, refusesFlagWithValue } from '../site/meilisearch-versions.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { isBalanced } from '../site/roles.ts';
import { SERVICES } from '../site/services.ts';
import { findCertificate } from './certificate.ts';
import { word, words } from './words.ts';

/** @returns the bash that installs a unit of the checkout */
export function unitScript(name: string): readonly string[] {
  const path = `${UNITS}/${name}`;
  const uwsgi = name === SERVICES.studio.unit ? ' | with_venv_uwsgi' : '';
  const target = name.endsWith('.timer') ? ` | with_timers_target` : '';
  return [`from_repository ${path}${uwsgi}${target} | harmless unit ${path} | put ${path}`];
}

/** @param known names of the checkout's units that are installed elsewhere @returns the bash that installs all others */
export function furtherUnitsScript(known: readonly string[]): readonly string[] {
  return [
    `for unit in $(as_site ls ${CHECKOUT}/deploy${UNITS} 2>/dev/null); do`,
    '  case $unit in',
    `    ${known.join(' | ')}) ;;`,
    `    *.service | *.timer | *.socket | *.target | *.path)`,
    `      if is_others "$unit"; then`,
    `        echo "  deploy${UNITS}/$unit is not installed: another unit has its name."`,
    '      else',
    `        from_repository "${UNITS}/$unit" | with_timers_target | harmless unit "${UNITS}/$unit" | put "${UNITS}/$unit"`,
    '      fi ;;',
    '  esac',
    'done',
  ];
}

/** @returns the bash that installs the unit of Meilisearch, as this version starts with it */
export function meilisearchUnitScript(version: string): readonly string[] {
  const path = `${UNITS}/${SERVICES.meilisearch.unit}`;
  const edits = [
    `-e 's|^Environment=MEILI_MASTER_KEY=.*|EnvironmentFile=${MEILISEARCH_KEY_FILE}|'`,
    `-e "s|^(ExecStart=[-@:+!]*)[^ ]+|\\\\1$program|"`,
    ...(refusesFlagWithValue(version) ? [`-e '/^ExecStart=/s/ --no-analytics[ =]true//'`] : []),
  ];
  const { dumps, snapshots } = folderVariables(version);
  const folders = makesFolders(version)
    ? [`${dumps}=${MEILISEARCH_DUMPS}`, `${snapshots}=${MEILISEARCH_SNAPSHOTS}`]
    : [];
  const inService = (each: string) => `  with_in_service Environment=${each} |`;
  return [
    `program=$(program_of_unit ${word(version)})`,
    `from_repository ${path} |`,
    `  sed -E \\`,
    ...edits.map((edit, index) => `    ${edit}${index < edits.length - 1 ? ' \\' : ' |'}`),
    ...(refusesFlagWithValue(version) ? [inService('MEILI_NO_ANALYTICS=true')] : []),
    '  with_data_in_use |',
    ...folders.map(inService),
    `  harmless unit ${path} |`,
    `  put ${path}`,
  ];
}

/** @returns the bash that puts a file of the checkout into its place as it is, the site's own */
export function siteFileScript(path: string): readonly string[] {
  return [`from_repository ${path} | put ${path} 644 ${SITE_USER}`];
}

/** @returns the same for a file that root's nginx reads */
export function nginxFileScript(path: string): readonly string[] {
  return [`from_repository ${path} | harmless nginx ${path} | put ${path} 644 ${SITE_USER}`];
}

/** @returns the same for uWSGI's ini, which names the plugin of this server's Python */
export function uwsgiIniScript(): readonly string[] {
  return [
    `from_repository ${UWSGI_INI} | with_python_of_uwsgi | harmless ini ${UWSGI_INI} | put ${UWSGI_INI} 644 ${SITE_USER}`,
  ];
}

/** @returns the bash that has nginx serve static files and uploads where the site's settings say */
export function servedScript(): readonly string[] {
  return [
    `mapfile -t served < <(in_site -c "$addresses_program")`,
    `from_repository ${NGINX_COMMON} |`,
    `  python3 -I -c "$served_program" "\${served[@]}" |`,
    `  harmless nginx ${NGINX_COMMON} |`,
    `  put ${NGINX_COMMON} 644 ${SITE_USER}`,
  ];
}

/** @returns the bash that makes the site without a certificate, where there is none yet */
export function httpSiteScript(answers: Answers): readonly string[] {
  if (isBalanced(answers)) return [`fail 'A site behind load balancers needs a run: studio-setup run'`];
  const names = namesOf(answers);
  const [domain, ...extraNames] = names;
  const site = bootstrapVhost({
    domain,
    extraNames: [...extraNames, ...formerNamesOf(answers)],
    webroot: ACME_WEBROOT,
  });
  return [
    findCertificate(names),
    `if [ -z "\${certificate[1]}" ]; then`,
    `  put ${NGINX_SITE} 644 ${SITE_USER} <<'NGINX'`,
    ...site.trimEnd().split('\n'),
    'NGINX',
    'fi',
  ];
}

/** @returns the bash that makes the HTTPS site of the repository's file */
export function httpsSiteScript(answers: Answers): readonly string[] {
  return [
    // Else they would go from a site that has them.
    ...needRun(formerNamesOf(answers)),
    findCertificate(namesOf(answers)),
    `from_repository ${NGINX_SITE} |`,
    `  python3 -I -c "$vhost_program" "\${certificate[1]:-\${certificate[0]}}" ${words(namesOf(answers))} |`,
    `  harmless nginx ${NGINX_SITE} |`,
    `  put ${NGINX_SITE} 644 ${SITE_USER}`,
  ];
}

/** @param former names of the site @returns the bash that ends a script which can do nothing for them */
export function needRun(former: readonly string[]): readonly string[] {
  return former.length === 0
    ? []
    : [`fail ${word(`Former names (${former.join(' ')}) need a run: studio-setup run certificate`)}`];
}
