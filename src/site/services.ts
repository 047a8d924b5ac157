import type { Section } from '../engine/section.ts';
import type { Service } from '../engine/service.ts';
import { newestCode } from './code.ts';
import {
  MEILISEARCH,
  MEILISEARCH_KEY_FILE,
  NGINX_CONFIGURATION,
  SERVICE_UNITS,
  SETTINGS,
  type ServiceName,
  UWSGI_INI,
  UWSGI_SOCKET,
} from './layout.ts';
import { unhealthy } from './meilisearch.ts';
import { hasAnyRole } from './roles.ts';
import { uwsgiAnswer } from './uwsgi.ts';
import { notGraceful, RELOAD_SITE, workersSince } from './workers.ts';

/** The document's own, which other parts of the product name; one that only its section knows stands there. */
export const SERVICES: Readonly<Record<ServiceName, Service>> = {
  meilisearch: {
    unit: SERVICE_UNITS.meilisearch,
    applies: (answers) => hasAnyRole(answers, 'search'),
    reads: [MEILISEARCH_KEY_FILE],
    startShowsWhatItRead: true,
    ask: (host) => unhealthy(host),
    waits: [
      `wait_for 30 'Meilisearch does not answer: journalctl -u meilisearch' answers ${MEILISEARCH}/health`,
    ],
    asks: 'Asks systemd for its state, and Meilisearch for its health.',
    means: 'Search does not work.',
    operation: 'meilisearch/service',
    fixes: ['meilisearch/program', 'meilisearch/master-key', 'meilisearch/unit', 'meilisearch/service'],
  },
  // The site itself: what it has read it tells, as it may have been told to reload gracefully since it was started.
  studio: {
    unit: SERVICE_UNITS.studio,
    applies: (answers) => hasAnyRole(answers, 'web'),
    reads: [UWSGI_INI, SETTINGS],
    startShowsWhatItRead: true,
    code: newestCode,
    since: workersSince,
    // Without a visitor noticing, where uWSGI can; a new uwsgi_studio.ini takes a restart.
    reload: {
      files: [SETTINGS],
      command: async (host) => ((await notGraceful(host)) === undefined ? RELOAD_SITE : undefined),
    },
    async ask(host, hostName) {
      const answer = await uwsgiAnswer(host, UWSGI_SOCKET, hostName());
      if ('wrong' in answer) return answer.wrong;
      return answer.status < 500 ? undefined : `the site answers with HTTP ${answer.status}`;
    },
    waits: [`wait_for 30 'uWSGI does not come up: journalctl -u studio' test -S ${UWSGI_SOCKET}`],
    asks: 'Asks systemd for its state, and uWSGI for a page over its own socket: with a wrong plugin the unit is active but answers nothing.',
    means: 'No page of the site loads; nginx alone answers.',
    operation: 'uwsgi/service',
    fixes: [
      'uwsgi/packages',
      `configuration-files/${SERVICE_UNITS.studio}`,
      'uwsgi/uwsgi_studio.ini',
      'ownership/config',
      'uwsgi/service',
    ],
  },
  // What works apart from the requests of visitors; it reads the settings when it starts.
  'studio-background': {
    unit: SERVICE_UNITS['studio-background'],
    applies: (answers) => hasAnyRole(answers, 'background'),
    reads: [SETTINGS],
    startShowsWhatItRead: true,
    code: newestCode,
    asks: 'Asks systemd for its state, and whether it stays up.',
    means: 'No e-mail is sent, no video is processed.',
    operation: 'background-tasks/service',
    fixes: [`configuration-files/${SERVICE_UNITS['studio-background']}`, 'background-tasks/service'],
  },
  nginx: {
    unit: SERVICE_UNITS.nginx,
    applies: (answers) => hasAnyRole(answers, 'web'),
    target: 'multi-user.target',
    reads: NGINX_CONFIGURATION,
    startShowsWhatItRead: false,
    asks: 'Asks systemd for its state.',
    means: 'Visitors reach nothing at all.',
    operation: 'start-nginx/https',
    // The site's own files are only written where they differ.
    fixes: [
      'requirements/services',
      'configuration-files/nginx-site',
      'configuration-files/nginx_studio.common.conf',
      'configuration-files/uwsgi_params',
      'nginx/link',
      'nginx/tls-options',
      'nginx/dhparams',
      'certificate/https-site',
      'start-nginx/https',
    ],
  },
};

/** In the order in which they are started. */
export const ALL_SERVICES: readonly Service[] = Object.values(SERVICES);

/** @returns these, and those that the sections have of their own */
export function servicesOf(sections: readonly Section[]): readonly Service[] {
  return [...ALL_SERVICES, ...sections.flatMap(({ services }) => services ?? [])];
}
