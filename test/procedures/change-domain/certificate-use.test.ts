import { describe, expect, test } from 'vitest';
import type { FileStatus, Host, ProgramResult } from '../../../src/host/host.ts';
import { useOf } from '../../../src/procedures/change-domain/certificate-use.ts';

const NAME = 'old.example.org';
const OTHER = 'ssl_certificate /etc/ssl/other.pem;';

/** What programs say on a host, by the first word of their command; nginx's by file. */
interface Said {
  readonly nginx?: Readonly<Record<string, string>>;
  readonly code?: number;
  readonly realpath?: string;
  readonly grep?: ProgramResult;
  readonly find?: ProgramResult;
  readonly renewal?: string;
}

const nothing: ProgramResult = { code: 1, stdout: '', stderr: '' };

function hostWhere({ nginx = {}, code = 0, realpath = '', grep, find, renewal }: Said): Host {
  const tested = Object.entries(nginx).map(([path, text]) => `# configuration file ${path}:\n${text}\n`);
  const answers: Readonly<Record<string, ProgramResult>> = {
    nginx: { code, stdout: tested.join('\n'), stderr: '' },
    realpath: { code: 0, stdout: realpath, stderr: '' },
    grep: grep ?? nothing,
    find: find ?? { ...nothing, code: 0 },
  };
  const directory = { type: 'directory' } as FileStatus;
  const door: Pick<Host, 'query' | 'read' | 'list' | 'status'> = {
    query: async ([program = '']) => answers[program] ?? nothing,
    read: async (path) => (path.startsWith('/etc/letsencrypt/') ? renewal : undefined),
    list: async () => ['nginx', 'postfix', 'letsencrypt'],
    status: async () => directory,
  };
  return door as Host;
}

const main = { '/etc/nginx/nginx.conf': 'include /etc/nginx/sites-enabled/*;' };

describe('a certificate may still be used', () => {
  test.each<[string, Said, RegExp]>([
    [
      'in what nginx includes from elsewhere',
      { nginx: { ...main, '/srv/tls.inc': `ssl_certificate /etc/letsencrypt/live/${NAME}/fullchain.pem;` } },
      /^nginx names it/,
    ],
    ['when nginx refuses its configuration', { nginx: main, code: 1 }, /^nginx refuses/],
    ['when only the end of what nginx says is there', { nginx: {} }, /^nginx refuses/],
    [
      'by a pattern',
      {
        nginx: {
          ...main,
          '/srv/a': 'ssl_certificate "/etc/letsencrypt/live/$ssl_server_name/fullchain.pem";',
        },
      },
      /\$ssl_server_name/,
    ],
    [
      'through a link',
      { nginx: { ...main, '/srv/a': OTHER }, realpath: `/etc/letsencrypt/archive/${NAME}/cert1.pem\n` },
      /link/,
    ],
    [
      'by another program',
      { nginx: main, grep: { code: 2, stdout: '/etc/postfix/main.cf\n', stderr: '' } },
      /^\/etc\/postfix\/main\.cf names it/,
    ],
    [
      'by a link of another program',
      { nginx: main, find: { code: 0, stdout: '/etc/dovecot/private/key.pem\n', stderr: '' } },
      /^\/etc\/dovecot/,
    ],
    [
      'when /etc can not be read in time',
      { nginx: main, grep: { ...nothing, code: 124 } },
      /not be searched/,
    ],
    [
      'by whoever has a hook',
      { nginx: main, renewal: '[renewalparams]\nrenew_hook = /opt/copy\n' },
      /^its renewal/,
    ],
  ])('%s', async (_, said, why) => {
    expect(await useOf(hostWhere(said), NAME)).toMatch(why);
  });
});

test('nobody uses it', async () => {
  const others = { ...main, '/srv/a': `${OTHER} # ${NAME}, /etc/letsencrypt/live/${NAME}.net/fullchain.pem` };
  const renewal = `[renewalparams]\narchive_dir = /etc/letsencrypt/archive/${NAME}\npost_hook = None\n`;
  const host = hostWhere({ nginx: others, realpath: '/etc/ssl/other.pem\n', renewal });
  expect(await useOf(host, NAME)).toBeUndefined();
});
