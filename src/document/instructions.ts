import { POETRY } from '../site/python.ts';

/** One thing that the production document tells an operator to do, or to mind. */
export interface Instruction {
  /** Stable; named by `covers` in `steps/`. */
  readonly id: string;
  /** The document's headings, outermost first, e.g. `Configuration files › Meilisearch`. */
  readonly heading: string;
  /** The command itself, or the instruction in short. */
  readonly text: string;
  /** Ids of the departures that concern it: an operation's departure need not concern all that it covers. */
  readonly departures?: readonly string[];
}

type Line = readonly [id: string, text: string, departures?: readonly string[]];

/** Every instruction of the document, in its order. A line that repeats one already given stands with that one. */
export const instructions: readonly Instruction[] = [
  ...under('Requirements', [
    ['development-requirements', 'Production requirements include the development requirements'],
    ['uwsgi', 'uWSGI', ['uwsgi-from-index']],
    ['nginx', 'nginx'],
    ['systemd', 'systemd >= 211'],
    ['certbot', "Let's Encrypt certbot", ['certbot-from-debian']],
    ['ubuntu', 'The Studio is deployed on Ubuntu; on another distribution some paths might differ'],
  ]),
  ...under('Working directory', [
    ['source-location', 'The source code is located in /var/www/blender-studio/'],
    ['clone', 'cd /var/www; git clone git@git.blender.org:blender-studio.git', ['checkout-inside-the-clone']],
    ['checkout-branch', 'git checkout production', ['checkout-inside-the-clone']],
  ]),
  ...under('Working directory › Setup virtualenv and install Python dependencies', [
    [
      'venv-create',
      'The virtualenv is in /var/www/venv: cd /var/www; virtualenv -p /usr/bin/python3 venv',
      ['managed-python'],
    ],
    [
      'venv-activate',
      'cd /var/www/blender-studio; source /var/www/venv/bin/activate',
      ['poetry-as-www-data'],
    ],
    ['venv-poetry', `pip install poetry==${POETRY}`, ['newer-poetry']],
    ['venv-install', 'poetry install', ['poetry-as-www-data', 'one-pip', 'newer-poetry']],
  ]),
  ...under('Working directory › Production settings.py', [
    [
      'settings-copy',
      'cp studio/settings.example.py studio/settings.py',
      ['settings-import', 'settings-mode'],
    ],
    ['settings-secret-key', 'SECRET_KEY: a random hard-to-guess string, kept safe and never committed'],
    ['settings-debug', 'DEBUG: must be False'],
    ['settings-oauthlib', 'os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1" must be commented out or deleted'],
    ['settings-allowed-hosts', 'ALLOWED_HOSTS must include the domain that the Studio runs on'],
    [
      'settings-database',
      'DATABASE: the credentials of the production database',
      ['database-made', 'several-servers'],
    ],
    [
      'settings-change-me',
      'The rest of the CHANGE_ME values: Blender ID, AWS S3, AWS CloudFront and other integrations',
    ],
    ['migrate', 'cd /var/www/blender-studio; source /var/www/venv/bin/activate; ./manage.py migrate'],
    ['collectstatic', './manage.py collectstatic --no-input'],
  ]),
  ...under('Configuration files', [
    ['change-domain', 'All files use the domain studio.blender.org: change it', ['http-first']],
    [
      'files-change-me',
      'Some files have CHANGE_ME values: replace them by production values',
      ['master-key-file'],
    ],
    ['exact-paths', 'The files below deploy/ go to the same path on the host'],
    ['copy-units', 'As root: cp deploy/etc/systemd/system/* /etc/systemd/system/', ['timers-target']],
    [
      'copy-config',
      'cp deploy/var/www/config/* /var/www/config/',
      ['target-folders', 'http-first', 'uwsgi-plugin', 'static-location'],
    ],
    ['copy-dot-config', 'cp -r deploy/var/www/.config/* /var/www/.config/', ['target-folders']],
    ['run-as-www-data', 'All services but nginx run as user www-data and group www-data'],
    ['www-owner', 'chown www-data:www-data /var/www'],
    ['checkout-owner', 'chown www-data:www-data -R /var/www/blender-studio'],
    ['config-owner', 'chown www-data:www-data -R /var/www/config'],
    ['venv-owner', 'chown www-data:www-data -R /var/www/venv'],
    ['www-group', 'chgrp www-data /var/www'],
    ['www-setgid', 'chmod g+s /var/www'],
    ['folders-group', 'find /var/www -type d -exec chgrp www-data {} +'],
    ['folders-setgid', 'find /var/www -type d -exec chmod g+s {} +'],
    [
      'edit-as-www-data',
      'Edit files as www-data: sudo -Hu www-data vim training/management/commands/my_command.py',
    ],
    ['files-first', 'All configuration files must be in place before the steps below'],
  ]),
  ...under('Configuration files › Meilisearch › Install meilisearch', [
    ['meilisearch-install', 'Install Meilisearch (step 1 of its own documentation)', ['meilisearch-path']],
    [
      'meilisearch-executable',
      'Other users must be allowed to execute it: chmod o+x /usr/bin/meilisearch',
      ['meilisearch-path'],
    ],
    [
      'meilisearch-unit',
      'meilisearch.service, copied before, must be updated before it can run in production',
      ['master-key-file', 'no-analytics', 'meilisearch-folders'],
    ],
  ]),
  ...under('Configuration files › Meilisearch › Configure meilisearch.service', [
    ['meilisearch-production', 'The server runs in the production mode, and with a master key'],
    ['meilisearch-generate', 'head /dev/urandom | tr -dc A-Za-z0-9 | head -c32'],
    [
      'meilisearch-key-in-unit',
      'Replace CHANGE_ME in the unit: Environment=MEILI_MASTER_KEY=CHANGE_ME',
      ['master-key-file'],
    ],
    [
      'meilisearch-sentry',
      'Optional: replace CHANGE_ME of Environment=SENTRY_DSN, comment out Environment=MEILI_NO_SENTRY=1',
      ['meilisearch-sentry'],
    ],
    ['meilisearch-enable', 'systemctl enable meilisearch'],
    ['meilisearch-start', 'systemctl start meilisearch'],
  ]),
  ...under('Configuration files › Meilisearch › Configure Studio integration with meilisearch', [
    [
      'meilisearch-header',
      'Requests carry X-Meili-API-Key with the public key (front end) or the private key (back end)',
      ['key-header'],
    ],
    [
      'meilisearch-keys-change',
      'When the master key changes, the public and private keys change: update them in settings.py',
    ],
    [
      'meilisearch-get-keys',
      'curl -H "X-Meili-API-Key: MASTER-KEY" -X GET \'http://localhost:7700/keys\'',
      ['key-header'],
    ],
    [
      'meilisearch-keys-settings',
      "settings.py: MEILISEARCH_PUBLIC_KEY = 'PublicKeyGoesHere', MEILISEARCH_PRIVATE_KEY = 'PrivateKeyGoesHere'",
    ],
    ['meilisearch-address', "settings.py: MEILISEARCH_API_ADDRESS = 'https://studio.blender.org/s/'"],
    [
      'meilisearch-indexes',
      'Activate the virtualenv, run create_search_indexes and index_documents',
      ['poetry-as-www-data'],
    ],
  ]),
  ...under('Configuration files › uWSGI', [
    ['uwsgi-enable', 'systemctl enable studio', ['uwsgi-plugin']],
    ['uwsgi-start', 'systemctl start studio', ['uwsgi-plugin']],
  ]),
  ...under('Configuration files › Nginx', [
    [
      'nginx-link',
      'ln -s /var/www/config/nginx_studio.conf /etc/nginx/sites-enabled/nginx_studio.conf',
      ['http-first'],
    ],
  ]),
  ...under('Configuration files › Nginx › Configure certbot', [
    [
      'certbot-install',
      'Follow the official instructions to install certbot and to get a certificate for the domain',
      ['certbot-from-debian', 'certbot-webroot', 'http-first'],
    ],
    ['nginx-domain', 'Review nginx_studio.conf: the right domain must stand in it', ['http-first']],
  ]),
  ...under('Configuration files › Nginx › Test and start nginx', [
    ['nginx-test', 'nginx -t', ['http-first']],
    ['nginx-enable', 'If there are no errors: systemctl enable nginx'],
    ['nginx-start', 'systemctl start nginx'],
  ]),
  ...under('Configuration files › Background tasks', [
    ['background-enable', 'systemctl enable studio-background'],
    ['background-start', 'systemctl start studio-background'],
  ]),
  ...under('Configuration files › Periodic tasks', [
    ['timer-studio-clearsessions', 'studio-clearsessions.timer: calls clearsessions'],
    [
      'timer-studio-process-deletion-requests',
      'studio-process-deletion-requests.timer: processes account deletion requests',
    ],
    [
      'timer-studio-background-restart',
      'studio-background-restart.timer: restarts the background process, which hangs on rare occasion',
    ],
    ['timer-studio-stats', 'studio-stats.timer: calculates and stores statistics'],
    ['timer-studio-clock-tick', 'studio-clock-tick.timer: processes payments and cancellations'],
    ['timers-services', 'Each timer has a .service beside it, which it starts'],
    [
      'timers-enable',
      'Each timer (e.g. studio-clearsessions): systemctl enable <NAME>.timer; systemctl start <NAME>.timer',
      ['timers-target'],
    ],
    ['timers-list', 'View the timers and their last runs: systemctl list-timers --all'],
  ]),
];

function under(heading: string, lines: readonly Line[]): readonly Instruction[] {
  return lines.map(([id, text, departures]) => ({
    id,
    heading,
    text,
    ...(departures === undefined ? {} : { departures }),
  }));
}
