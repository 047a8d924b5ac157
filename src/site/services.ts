import type { Host } from '../host/host.ts';
import { newestCode } from './code.ts';
import {
  MEILISEARCH,
  MEILISEARCH_KEY_FILE,
  NGINX_CONFIGURATION,
  SETTINGS,
  type ServiceName,
  UWSGI_INI,
  UWSGI_SOCKET,
} from './layout.ts';
import { unhealthy } from './meilisearch.ts';
import type { UnitState } from './units.ts';
import { askUwsgi } from './uwsgi.ts';
import { notGraceful, RELOAD_SITE, workersSince } from './workers.ts';

/** How a unit takes on new versions of files without a restart. */
export interface Reload {
  /** Of those that it reads, the ones that it reads then. */
  readonly files: readonly string[];
  /** @returns the command, `undefined` where only a restart helps */
  command(host: Host): Promise<readonly string[] | undefined>;
}

/** One of the site's services: all that is known of it, said once. */
export interface Service {
  /** With its ending: `studio.service`. */
  readonly unit: `${string}.service`;
  /** The target that starts it at boot; what its own file says when absent. */
  readonly target?: string;
  /** Files besides the unit's own that it reads when it starts: a newer one means that it runs with an old one. */
  readonly reads: readonly string[];
  /** Whether a check compares these with its start: what nginx has loaded it is asked by a check of its own. */
  readonly startShowsWhatItRead: boolean;
  /** @returns the file of its code that changed last, which it takes on in the same way, also by a reload */
  readonly code?: (host: Host) => Promise<string | undefined>;
  /** @returns when it last read them, where it can without a restart; milliseconds since the epoch */
  readonly since?: (host: Host, state: UnitState) => Promise<number>;
  /** How it takes on a change; by a restart when absent. */
  readonly reload?: Reload;
  /**
   * Asks the service itself, past systemd.
   * @param hostName tells what the site takes as its own name, to the one who needs it
   * @returns what is wrong although it is active, as a clause; `undefined` when it answers
   */
  readonly ask?: (host: Host, hostName: () => string) => Promise<string | undefined>;
  /** Bash by which an exported script waits until it answers. */
  readonly waits?: readonly string[];
  /** How it is asked: a sentence for `docs/doctor.md`. */
  readonly asks: string;
  /** What it means for visitors when it fails: a sentence for `docs/doctor.md`. */
  readonly means: string;
  /** Id of the operation that brings it up. */
  readonly operation: string;
  /** Ids of the operations that `doctor --fix` carries out for it: its own files, and the start. */
  readonly fixes: readonly string[];
}

export const SERVICES: Readonly<Record<ServiceName, Service>> = {
  meilisearch: {
    unit: 'meilisearch.service',
    reads: [MEILISEARCH_KEY_FILE],
    startShowsWhatItRead: true,
    ask: unhealthy,
    waits: [
      `wait_for 30 'Meilisearch does not answer: journalctl -u meilisearch' answers ${MEILISEARCH}/health`,
    ],
    asks: "Asks for systemd's word, and Meilisearch for its health.",
    means: 'Nothing can be searched for.',
    operation: 'meilisearch/service',
    fixes: ['meilisearch/program', 'meilisearch/master-key', 'meilisearch/unit', 'meilisearch/service'],
  },
  // The site itself: what it has read it tells, as it may have been told to reload gracefully since it was started.
  studio: {
    unit: 'studio.service',
    reads: [UWSGI_INI, SETTINGS],
    startShowsWhatItRead: true,
    code: newestCode,
    since: workersSince,
    // Without a visitor noticing, where uWSGI can; a new uwsgi_studio.ini takes a restart.
    reload: {
      files: [SETTINGS],
      command: async (host) => ((await notGraceful(host)) === undefined ? RELOAD_SITE : undefined),
    },
    async ask(_, hostName) {
      const answer = await askUwsgi(UWSGI_SOCKET, hostName());
      if ('wrong' in answer) return answer.wrong;
      return answer.status < 500 ? undefined : `the site answers with HTTP ${answer.status}`;
    },
    waits: [`wait_for 30 'uWSGI does not come up: journalctl -u studio' test -S ${UWSGI_SOCKET}`],
    asks: "Asks for systemd's word, and uWSGI for a page over its own socket: with a wrong plugin it is active and answers nothing.",
    means: 'No page is answered but by nginx itself.',
    operation: 'uwsgi/service',
    fixes: [
      'uwsgi/packages',
      'configuration-files/studio.service',
      'uwsgi/uwsgi_studio.ini',
      'ownership/config',
      'uwsgi/service',
    ],
  },
  // What works apart from the requests of visitors; it reads the settings when it starts.
  'studio-background': {
    unit: 'studio-background.service',
    reads: [SETTINGS],
    startShowsWhatItRead: true,
    code: newestCode,
    asks: "Asks for systemd's word, and whether it stays up.",
    means: 'No e-mail is sent, no video is processed.',
    operation: 'background-tasks/service',
    fixes: ['configuration-files/studio-background.service', 'background-tasks/service'],
  },
  nginx: {
    unit: 'nginx.service',
    target: 'multi-user.target',
    reads: NGINX_CONFIGURATION,
    startShowsWhatItRead: false,
    asks: "Asks for systemd's word.",
    means: 'Visitors reach nothing at all.',
    operation: 'start-nginx/https',
    // The site's own files are only written where they differ.
    fixes: [
      'requirements/services',
      'configuration-files/nginx-site',
      'configuration-files/nginx_studio.common.conf',
      'configuration-files/uwsgi_params',
      'nginx/link',
      'certificate/tls-options',
      'certificate/dhparams',
      'certificate/https-site',
      'start-nginx/https',
    ],
  },
};

/** In the order in which they are started. */
export const ALL_SERVICES: readonly Service[] = Object.values(SERVICES);
