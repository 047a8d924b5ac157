import { EventEmitter } from 'node:events';
import { UWSGI_INI } from '../../src/site/layout.ts';
import type { Machine } from './table.ts';

/** What a socket gives to who asks it: an answer's first line, nothing at all, or the kernel's error at connecting. */
type Answer = string | undefined | { readonly refused: string };

const sockets = new Map<string, () => Answer>();

/** In the place of connect() of node:net: sockets of the host in memory. */
export function connect(path: string): Connection {
  return new Connection(path);
}

class Connection extends EventEmitter {
  constructor(path: string) {
    super();
    const answer = sockets.get(path)?.() ?? (sockets.has(path) ? undefined : { refused: 'connect ENOENT' });
    queueMicrotask(() => {
      if (typeof answer === 'object') this.emit('error', new Error(`${answer.refused} ${path}`));
      else this.emit('connect');
      if (typeof answer === 'string') this.emit('data', Buffer.from(`${answer}\r\n\r\n`));
      this.emit('end');
    });
  }

  setTimeout(): void {}
  destroy(): void {}

  /** A uwsgi packet: modifier 0, the size of the variables (uwsgi-docs, "The uwsgi Protocol"). */
  write(packet: Buffer): void {
    if (packet[0] !== 0 || packet.readUInt16LE(1) !== packet.length - 4)
      throw new TypeError('This is no packet of the uwsgi protocol.');
  }
}

export const INI = '[uwsgi]\nmaster = true\nplugin = python3\n';
export const SITE = 'studio.service';
const SITE_FILE = '/etc/systemd/system/studio.service';
const SOCKET = '/var/www/studio.sock';

/** The site's files, as far as uWSGI reads them. */
export const SITE_FILES = {
  [SITE_FILE]: '[Service]\nExecStart=/usr/bin/uwsgi\n[Install]\nWantedBy=multi-user.target\n',
  [UWSGI_INI]: { text: INI, owner: 'www-data' },
  '/var/www/blender-studio/studio/settings.py': { text: 'DEBUG = False\n', owner: 'www-data', mode: 0o640 },
} as const;

/** What the site's socket answers while the site runs; nobody listens when it does not. */
export function siteAnswers({ systemd }: Machine, answer: () => Answer = () => 'HTTP/1.1 200 OK'): void {
  Object.assign(systemd.unit(SITE), { workers: ['uwsgi', 'uwsgi'] });
  sockets.set(SOCKET, () =>
    systemd.unit(SITE).active === 'active' ? answer() : { refused: 'connect ECONNREFUSED' },
  );
}
