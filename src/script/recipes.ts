import type { Answers } from '../answers/answers.ts';
import { bootstrapVhost } from '../configs/nginx/vhost.ts';
import { wordsOf } from '../host/shell.ts';
import { GIT_ENVIRONMENT } from '../operations/checkout.ts';
import {
  ACME_WEBROOT,
  CHECKOUT,
  CONFIG,
  CONFIGURED_UNITS,
  MEILISEARCH,
  MEILISEARCH_DUMPS,
  MEILISEARCH_KEY_FILE,
  MEILISEARCH_SNAPSHOTS,
  NGINX_COMMON,
  NGINX_SITE,
  RENEWAL_HOOK,
  SITE_TOKEN,
  SITE_USER,
  UNITS,
  UWSGI_INI,
  UWSGI_SOCKET,
  WWW,
} from '../site/layout.ts';
import { folderVariables, makesFolders, refusesFlagWithValue } from '../site/meilisearch-versions.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { SERVICES } from '../site/services.ts';
import { ofSecret } from './secrets.ts';
import { productionScript, settingsLines, textSetting } from './settings.ts';
import { fields, word, words } from './words.ts';

type Recipe = (answers: Answers) => readonly string[];

/**
 * What an exported script does for an operation that its kind alone does not tell: by the operation's id. Each brings about
 * what the operation's `apply` does, on a host that has nothing yet; done twice, it harms nothing.
 */
const recipes: Readonly<Record<string, Recipe>> = {
  'working-directory/clone': (answers) => {
    const partial = `${CHECKOUT}.partial`;
    const branch = word(answers.text('repository.branch'));
    return [
      `if [ ! -e ${CHECKOUT}/.git ]; then`,
      `  as_site rm -rf -- ${partial}`,
      `  as_site env ${wordsOf(GIT_ENVIRONMENT)} \\`,
      `    git clone --branch ${branch} -- ${word(answers.text('repository.url'))} ${partial}`,
      `  as_site mv -T -- ${partial} ${CHECKOUT}`,
      'fi',
      `as_site git -C ${CHECKOUT} checkout --quiet ${branch}`,
    ];
  },

  'settings/production': productionScript,

  'database/running': (answers) => [
    'start_unit postgresql.service',
    `wait_for 30 'PostgreSQL takes no connections: journalctl -u postgresql' apart postgres pg_isready --port ${port(answers)}`,
  ],
  'database/role': (answers) => {
    const role = `role=${answers.text('database.user')}`;
    return [
      `if [ "$(${asked('pg_roles', 'rolname', 'role')} | ${psql(answers)} -tA --set ${word(role)})" != 1 ]; then`,
      `  verifier=$(printf '%s' ${ofSecret('database.password')} | python3 -I -c "$verifier_program")`,
      `  echo "CREATE ROLE :\\"role\\" WITH LOGIN CREATEDB PASSWORD '$verifier'" |`,
      `    ${psql(answers)} --quiet --set ON_ERROR_STOP=1 --set ${word(role)}`,
      'fi',
    ];
  },
  'database/database': (answers) => {
    const [user, name] = [answers.text('database.user'), answers.text('database.name')];
    return [
      `if [ "$(${asked('pg_database', 'datname', 'name')} | ${psql(answers)} -tA --set ${word(`name=${name}`)})" != 1 ]; then`,
      `  apart postgres createdb --port ${port(answers)} --owner ${word(user)} --encoding UTF8 --template template0 -- ${word(name)}`,
      'fi',
    ];
  },

  'migrate/site-record': (answers) => [
    `printf '%s' ${word(answers.text('domain'))} | in_site manage.py shell -c '`,
    'import sys',
    'from django.conf import settings',
    'from django.contrib.sites.models import Site',
    'name = sys.stdin.read()',
    'Site.objects.filter(id=getattr(settings, "SITE_ID", 1)).update(domain=name, name=name)\'',
  ],
  'migrate/admin': (answers) => [
    `${fields(
      word(answers.text('admin.username')),
      word(answers.optionalText('admin.email') ?? ''),
      ofSecret('admin.password'),
    )} | in_site manage.py shell -c '`,
    'import sys',
    'username, email, password, _ = sys.stdin.read().split("\\0")',
    'from django.contrib.auth import get_user_model',
    'User = get_user_model()',
    'if not User.objects.filter(is_superuser=True).exists():',
    '    user, made = User.objects.get_or_create(**{User.USERNAME_FIELD: username})',
    '    user.email = email or user.email',
    '    user.is_staff = user.is_superuser = user.is_active = True',
    '    user.set_password(password)',
    "    user.save()'",
  ],

  ...Object.fromEntries(
    CONFIGURED_UNITS.map((name): [string, Recipe] => [`configuration-files/${name}`, () => unitLines(name)]),
  ),
  ...Object.fromEntries(
    [`${WWW}/.config/pypoetry/config.toml`, `${CONFIG}/uwsgi_params`, NGINX_COMMON].map(
      (path): [string, Recipe] => [
        `configuration-files/${path.slice(path.lastIndexOf('/') + 1)}`,
        () => [`from_repository ${path} | put ${path} 644 ${SITE_USER}`],
      ],
    ),
  ),
  'uwsgi/uwsgi_studio.ini': () => [
    `from_repository ${UWSGI_INI} | with_python_of_uwsgi | put ${UWSGI_INI} 644 ${SITE_USER}`,
  ],
  'configuration-files/nginx-site': (answers) => {
    const [domain, ...extraNames] = [...namesOf(answers), ...formerNamesOf(answers)];
    const site = bootstrapVhost({ domain: domain ?? '', extraNames, webroot: ACME_WEBROOT });
    return [
      `if [ ! -e ${word(`/etc/letsencrypt/live/${domain}/fullchain.pem`)} ]; then`,
      `  put ${NGINX_SITE} 644 ${SITE_USER} <<'NGINX'`,
      ...site.trimEnd().split('\n'),
      'NGINX',
      'fi',
    ];
  },
  'nginx/static-files': () => [
    `mapfile -t served < <(in_site - <<'PYTHON'`,
    'import os, sys',
    'sys.path.insert(0, os.getcwd())',
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'studio.settings')",
    'from django.conf import settings',
    'for url, root in ((settings.STATIC_URL, settings.STATIC_ROOT), (settings.MEDIA_URL, settings.MEDIA_ROOT)):',
    '    print(url, os.path.abspath(str(root)) if root else "", sep="\\n")',
    'PYTHON',
    ')',
    `from_repository ${NGINX_COMMON} |`,
    `  python3 -I -c "$served_program" "\${served[@]}" |`,
    `  put ${NGINX_COMMON} 644 ${SITE_USER}`,
  ],
  'configuration-files/others': () => [
    `for unit in $(as_site ls ${CHECKOUT}/deploy${UNITS} 2>/dev/null); do`,
    '  case $unit in',
    `    meilisearch.service | ${CONFIGURED_UNITS.join(' | ')}) ;;`,
    `    *.service | *.timer | *.socket | *.target | *.path)`,
    `      from_repository "${UNITS}/$unit" | ${TIMERS_TARGET} | put "${UNITS}/$unit" ;;`,
    '  esac',
    'done',
  ],

  'meilisearch/master-key': () => [
    `printf 'MEILI_MASTER_KEY=%s\\n' ${ofSecret('meilisearch.master-key')} | put ${MEILISEARCH_KEY_FILE} 600`,
  ],
  'meilisearch/unit': meilisearchUnitLines,
  'meilisearch/service': () => [
    'start_unit meilisearch.service',
    `wait_for 30 'Meilisearch does not answer: journalctl -u meilisearch' answers ${MEILISEARCH}/health`,
  ],
  'meilisearch/keys': (answers) => [
    `mapfile -t keys < <(printf '%s' ${ofSecret('meilisearch.master-key')} | python3 -I -c "$search_keys_program")`,
    `[ "\${#keys[@]}" -eq 2 ] || fail 'Meilisearch gives no keys for this master key.'`,
    ...settingsLines([
      textSetting(['MEILISEARCH_PUBLIC_KEY'], `"\${keys[0]}"`),
      textSetting(['MEILISEARCH_PRIVATE_KEY'], `"\${keys[1]}"`),
      textSetting(['MEILISEARCH_API_ADDRESS'], word(`https://${answers.text('domain')}/s/`)),
    ]),
  ],

  'uwsgi/service': () => [
    'start_unit studio.service',
    `wait_for 30 'uWSGI does not come up: journalctl -u studio' test -S ${UWSGI_SOCKET}`,
  ],

  'certificate/site-token': () => [
    `mkdir -p ${SITE_TOKEN.slice(0, SITE_TOKEN.lastIndexOf('/'))}`,
    `[ -s ${SITE_TOKEN} ] || head -c 16 /dev/urandom | base64 | put ${SITE_TOKEN} 644`,
  ],
  'certificate/issue': (answers) => {
    const names = namesOf(answers);
    const certbot = [
      `certbot certonly --authenticator webroot --webroot-path ${ACME_WEBROOT}`,
      ...names.map((name) => `--domain ${word(name)}`),
      `--cert-name ${word(names[0] ?? '')} --server ${word(answers.text('certificate.server'))}`,
      `--email ${word(answers.text('certificate.email'))} --key-type ecdsa --agree-tos --no-eff-email --expand --non-interactive`,
    ].join(' ');
    return [...names.map((name) => `leads_here ${word(name)}`), `${certbot} --dry-run`, certbot];
  },
  'certificate/tls-options': () =>
    firstOf('/etc/letsencrypt/options-ssl-nginx.conf', [
      '/usr/lib/python3/dist-packages/certbot_nginx/_internal/tls_configs/options-ssl-nginx.conf',
      '/usr/lib/python3/dist-packages/certbot_nginx/options-ssl-nginx.conf',
    ]),
  'certificate/dhparams': () =>
    firstOf('/etc/letsencrypt/ssl-dhparams.pem', [
      '/usr/lib/python3/dist-packages/certbot/ssl-dhparams.pem',
      '/usr/lib/python3/dist-packages/certbot/_internal/ssl-dhparams.pem',
    ]),
  'certificate/renewal-hook': () => [
    `mkdir -p ${RENEWAL_HOOK.slice(0, RENEWAL_HOOK.lastIndexOf('/'))}`,
    `put ${RENEWAL_HOOK} 755 <<'HOOK'`,
    '#!/bin/sh',
    '# Without this, nginx keeps serving the old certificate after a renewal.',
    'exec systemctl reload nginx',
    'HOOK',
  ],
  'certificate/https-site': (answers) => {
    const names = words(namesOf(answers));
    const former = formerNamesOf(answers);
    return [
      // Else they would go from a site that has them.
      ...(former.length === 0
        ? []
        : [`fail ${word(`Former names (${former.join(' ')}) need a run: studio-setup run certificate`)}`]),
      `from_repository ${NGINX_SITE} |`,
      `  python3 -I -c "$vhost_program" ${names} |`,
      `  put ${NGINX_SITE} 644 ${SITE_USER}`,
    ];
  },
  'certificate/renewal': (answers) => [
    `certbot renew --dry-run --cert-name ${word(namesOf(answers)[0])} --server ${word(answers.text('certificate.server'))} --no-random-sleep-on-renew`,
  ],

  'start-nginx/https': (answers) => [
    'nginx -t',
    'systemctl enable nginx',
    'systemctl reload-or-restart nginx',
    `wait_for 30 ${word(`https://${namesOf(answers)[0]}/ does not answer: journalctl -u nginx -u studio`)} answers ${word(`https://${namesOf(answers)[0]}/`)}`,
  ],
};

/** The ids of the operations that have a recipe. */
export const RECIPES: readonly string[] = Object.keys(recipes);

/** @returns the bash for an operation that needs more than its kind tells, `undefined` for any other */
export function recipeOf(id: string, answers: Answers): readonly string[] | undefined {
  return recipes[id]?.(answers);
}

function port(answers: Answers): string {
  return word(answers.text('database.port'));
}

function psql(answers: Answers): string {
  return `apart postgres psql --no-psqlrc --port ${port(answers)}`;
}

/** Of psql's own variables `:'name'` is a text, quoted by psql; it knows them in what it reads, not in what `-c` gives it. */
function asked(table: string, column: string, variable: string): string {
  return `echo "SELECT 1 FROM ${table} WHERE ${column} = :'${variable}'"`;
}

/** A target that exists: in the repository's timers it does not, and they are dead after a reboot. */
const TIMERS_TARGET = String.raw`sed -E 's/^((Wanted|Required)By=)timer\.target$/\1timers.target/'`;

function unitLines(name: string): readonly string[] {
  const path = `${UNITS}/${name}`;
  const uwsgi = name === SERVICES.studio.unit ? ' | with_venv_uwsgi' : '';
  const target = name.endsWith('.timer') ? ` | ${TIMERS_TARGET}` : '';
  return [`from_repository ${path}${uwsgi}${target} | put ${path}`];
}

function meilisearchUnitLines(answers: Answers): readonly string[] {
  const version = answers.text('meilisearch.version');
  const path = `${UNITS}/meilisearch.service`;
  const edits = [
    `-e 's|^Environment=MEILI_MASTER_KEY=.*|EnvironmentFile=${MEILISEARCH_KEY_FILE}|'`,
    `-e "s|^(ExecStart=[-@:+!]*)[^ ]+|\\\\1$program|"`,
    ...(refusesFlagWithValue(version) ? [`-e '/^ExecStart=/s/ --no-analytics[ =]true//'`] : []),
  ];
  const { dumps, snapshots } = folderVariables(version);
  const added = [
    ...(refusesFlagWithValue(version) ? ['MEILI_NO_ANALYTICS=true'] : []),
    ...(makesFolders(version)
      ? [`${dumps}=${MEILISEARCH_DUMPS}`, `${snapshots}=${MEILISEARCH_SNAPSHOTS}`]
      : []),
  ];
  return [
    `program=$(program_of_unit ${word(version)})`,
    `from_repository ${path} |`,
    `  sed -E \\`,
    ...edits.map((edit, index) => `    ${edit}${index < edits.length - 1 ? ' \\' : ' |'}`),
    ...added.map((each) => `  with_in_service Environment=${each} |`),
    `  put ${path}`,
  ];
}

/** certbot brings them, in a place that differs by its version. */
function firstOf(path: string, packaged: readonly string[]): readonly string[] {
  return [
    `for file in ${packaged.join(' ')}; do`,
    `  [ ! -e "$file" ] || put ${path} <"$file"`,
    'done',
    `[ -e ${path} ] || fail 'certbot brings no ${path.slice(path.lastIndexOf('/') + 1)}: install python3-certbot-nginx.'`,
  ];
}
