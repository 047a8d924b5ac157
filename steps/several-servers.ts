import { isIP } from 'node:net';
import type { Answers } from '../src/answers/answers.ts';
import type { Question } from '../src/answers/question.ts';
import type { Operation } from '../src/engine/operation.ts';
import { requirement } from '../src/operations/command.ts';
import { file } from '../src/operations/file.ts';
import { folder } from '../src/operations/folder.ts';
import { HARDENED } from '../src/operations/own-units.ts';
import { packages } from '../src/operations/packages.ts';
import { runningService } from '../src/operations/unit.ts';
import { ProblemError } from '../src/output/problem.ts';
import { ofSecret } from '../src/script/secrets.ts';
import { isLocalAddress } from '../src/site/database.ts';
import { UNITS } from '../src/site/layout.ts';
import { CODE, hasAnyRole, isSpread, ROLES } from '../src/site/roles.ts';
import {
  closedEnd,
  currentTunnelKey,
  TUNNEL,
  TUNNEL_CONFIG,
  TUNNEL_KEY_FILE,
  TUNNEL_UNIT,
  tunnelConfig,
  tunnelsOf,
} from '../src/site/tunnel.ts';

/** Characters of the key between the servers: it is for programs, and nobody types it. */
const KEY_LENGTH = 32;

/** What a site has to say that is spread over several servers; nobody else is asked any of it. */
export const spreadQuestions: readonly Question[] = [
  {
    id: 'roles',
    hidden: true,
    label: 'Roles of this server',
    help: 'Only for a site on several servers: which of database, search, background and web this server is. Without it, it is all of them.',
    kind: 'list',
    default: [],
    example: 'web background',
    validate: (value) =>
      ROLES.some((role) => role === value)
        ? undefined
        : `${value} is no role: name one or more of ${ROLES.join(', ')}.`,
  },
  {
    id: 'load-balancers',
    hidden: true,
    label: 'Load balancers',
    help: 'Addresses (10.0.0.4) or networks (10.0.0.0/24) of load balancers that end HTTPS for this server. It then has no certificate, and serves the site over HTTP to these addresses only. They must set X-Forwarded-For and X-Forwarded-Proto.',
    kind: 'list',
    default: [],
    example: '10.0.0.4',
    when: (answers) => hasAnyRole(answers, 'web'),
    validate: (value) => (isNetwork(value) ? undefined : `${value} is neither an IP address nor a network.`),
  },
  {
    id: 'servers.database',
    hidden: true,
    label: 'Server with the database',
    help: 'The address at which this server reaches the one with the role database. It gets there through an encrypted tunnel.',
    kind: 'text',
    skippable: 'The database is where database.host says.',
    example: '10.0.0.2',
    when: (answers) => hasAnyRole(answers, ...CODE) && !hasAnyRole(answers, 'database'),
    validate: address,
  },
  {
    id: 'servers.search',
    hidden: true,
    label: 'Server with the search engine',
    help: 'The address at which this server reaches the one with the role search. It gets there through an encrypted tunnel.',
    kind: 'text',
    example: '10.0.0.3',
    when: (answers) => hasAnyRole(answers, ...CODE) && !hasAnyRole(answers, 'search'),
    validate: address,
  },
  {
    id: 'tunnel.listen',
    hidden: true,
    label: 'Address for the other servers',
    help: 'The IP address of this server at which the others reach its database or search engine; 0.0.0.0 is all of them. Ports 7701 (search) and 7702 (database).',
    kind: 'text',
    default: '0.0.0.0',
    when: isSpread,
    validate: (value) => (isIP(value) === 0 ? `${value} is not an IP address.` : undefined),
  },
  {
    id: 'tunnel.key',
    hidden: true,
    label: 'Key between the servers',
    help: `Encrypts what the servers of a site send each other, and lets no others in: the same on each, at least ${KEY_LENGTH} letters and digits (openssl rand -hex 32).`,
    kind: 'secret',
    when: isSpread,
    validate: (value) =>
      /^[A-Za-z0-9]+$/.test(value) && value.length >= KEY_LENGTH
        ? undefined
        : `Enter at least ${KEY_LENGTH} letters and digits: openssl rand -hex 32`,
    current: currentTunnelKey,
  },
];

function address(value: string): string | undefined {
  return isIP(value) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value)
    ? undefined
    : `${value} is neither a host name nor an IP address.`;
}

function isNetwork(value: string): boolean {
  const [host = '', length, ...rest] = value.split('/');
  const version = isIP(host);
  if (version === 0 || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128));
}

const UNIT_TEXT = `# Written by studio-setup.
[Unit]
Description=Tunnels between the servers of Blender Studio
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/stunnel4 ${TUNNEL_CONFIG}
Restart=always
RestartSec=2
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
${HARDENED}
[Install]
WantedBy=multi-user.target
`;

/** @returns the tunnels to the servers of the site, as wanted state; none where it has one server */
export function tunnelOperations(answers: Answers): readonly Operation[] {
  const tunnels = tunnelsOf(answers);
  const named = isSpread(answers) ? [theDatabaseIsNamed(answers)] : [];
  if (tunnels.length === 0) return named;
  return [
    ...named,
    packages({
      id: 'requirements/tunnel-package',
      title: 'packages: stunnel',
      packages: ['stunnel4'],
      // In apt's row.
      after: [
        'requirements/virtualenv',
        'requirements/tools',
        'requirements/build-tools',
        'requirements/services',
      ],
    }),
    folder({
      id: 'requirements/tunnel-folder',
      path: TUNNEL_CONFIG.slice(0, TUNNEL_CONFIG.lastIndexOf('/')),
      owner: 'root',
      group: 'root',
      mode: 0o755,
      after: ['requirements/tools'],
    }),
    file({
      id: 'requirements/tunnel-key',
      path: TUNNEL_KEY_FILE,
      title: 'the key between the servers',
      mode: 0o600,
      secret: true,
      after: ['requirements/tunnel-folder'],
      shell: [`install -m 600 /dev/null ${TUNNEL_KEY_FILE}`, `editor ${TUNNEL_KEY_FILE}  # studio:KEY`],
      script: [`printf 'studio:%s\\n' ${ofSecret('tunnel.key')} | put ${TUNNEL_KEY_FILE} 600`],
      content: async () => `studio:${answers.secret('tunnel.key').reveal()}\n`,
    }),
    file({
      id: 'requirements/tunnel-config',
      path: TUNNEL_CONFIG,
      covers: ['settings-database'],
      after: ['requirements/tunnel-folder'],
      shell: [`editor ${TUNNEL_CONFIG}`],
      script: written(TUNNEL_CONFIG, tunnelConfig(tunnels, answers.text('tunnel.listen'))),
      content: async () => tunnelConfig(tunnels, answers.text('tunnel.listen')),
      departure: {
        id: 'several-servers',
        document: 'database and Meilisearch on the server of the site',
        instead:
          'Where the answer roles says so, they are on other servers, and reached at their ports of 127.0.0.1 through an encrypted tunnel (stunnel).',
        why: "Neither PostgreSQL's nor Meilisearch's port is open to the network, and the site's files stay as the document has them.",
      },
    }),
    file({
      id: 'requirements/tunnel-unit',
      path: `${UNITS}/${TUNNEL_UNIT}`,
      after: ['requirements/tunnel-folder'],
      shell: [`editor ${UNITS}/${TUNNEL_UNIT}`],
      script: written(`${UNITS}/${TUNNEL_UNIT}`, UNIT_TEXT),
      content: async () => UNIT_TEXT,
    }),
    runningService(TUNNEL, {
      id: 'requirements/tunnel',
      after: [
        'requirements/tunnel-package',
        'requirements/tunnel-key',
        'requirements/tunnel-config',
        'requirements/tunnel-unit',
      ],
      answers: closedEnd,
    }),
  ];
}

function written(path: string, text: string): readonly string[] {
  return [`put ${path} 644 <<'END'`, ...text.trimEnd().split('\n'), 'END'];
}

function theDatabaseIsNamed(answers: Answers): Operation {
  return requirement({
    id: 'requirements/servers',
    title: 'the server with the database',
    after: [],
    async check() {
      if (hasAnyRole(answers, 'database') || !hasAnyRole(answers, ...CODE)) return;
      if (answers.has('servers.database') || !isLocalAddress(answers.optionalText('database.host') ?? ''))
        return;
      throw new ProblemError({
        what: 'This server does not have the role database, and no server is named that has it. Nothing was changed.',
        remedy:
          'Give the answer servers.database (the address of the server with that role), or database.host for a database server that is not part of the site. Then run again.',
      });
    },
  });
}
