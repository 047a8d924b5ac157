/**
 * What the throwaway host starts with, and what it can reach. Plain data: the cache is keyed by the hash of it, so a change
 * here rebuilds exactly the parts that it touches.
 */

import { exampleAnswers } from '../../src/engine/example-answers.ts';
import type { Section } from '../../src/engine/section.ts';
import { sections } from '../../steps/index.ts';

/** The Debian releases that a throwaway host can have. */
export const RELEASES = ['bookworm', 'trixie'] as const;
export type Release = (typeof RELEASES)[number];

/** Its Python 3.11 is the newest one that Django 3.2 and poetry 1.1.6 run on; trixie's 3.13 is too new for both. */
export const usualRelease: Release = 'bookworm';

/**
 * The version of Debian 12's own Python. Packed as python-build-standalone packs its releases (`pythons.ts`), it stands in for
 * the managed CPython that uv would download from there.
 */
export const managedPython = '3.11.2';

/** As bare as a freshly rented server: nothing of what the document's Requirements name. */
export const rootPackages = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'iproute2',
  'ca-certificates',
  'sudo',
  'procps',
  'openssh-client',
  'less',
  'curl',
  'python3',
  'tzdata',
  'netbase',
];

/** What tests ask `apt-get install` for, and the sections so far. */
const usualPool = [
  'git',
  'nginx',
  'uwsgi',
  'uwsgi-plugin-python3',
  'postgresql',
  'postgresql-client',
  'certbot',
  'python3-certbot-nginx',
  'virtualenv',
  'python3-virtualenv',
  'python3-venv',
  'python3-pip',
  'python3-dev',
  'build-essential',
  'gcc',
  'libpq-dev',
  'libffi-dev',
  'libjpeg-dev',
  'zlib1g-dev',
  'locales',
  'rsync',
  'acl',
  'apache2',
  'strace',
  'tmux',
  'redis-server',
  'age',
  'restic',
  'man-db',
  'bash-completion',
  // For Ansible: a way in, and what its module for apt needs.
  'openssh-server',
  'python3-apt',
  // For a site on several servers: the tunnels between them, and what stands before them.
  'stunnel4',
  'haproxy',
];

/** On every host already, or needed by one of the pool: they come along. */
export const comeAlong = [...rootPackages, 'uwsgi-core'];

/**
 * @param sections of the document
 * @returns what `apt-get install` may be asked for on the host; everything that these need comes along. What a new section
 *   installs comes last.
 */
export function poolFor(sections: readonly Section[]): readonly string[] {
  const installed = sections.flatMap((section) =>
    section.operations(exampleAnswers(sections)).flatMap(({ packages }) => packages?.names ?? []),
  );
  return [...usualPool, ...new Set(installed)].filter(
    (name, index, all) => !comeAlong.includes(name) && all.indexOf(name) === index,
  );
}

export const poolPackages = poolFor(sections);

/**
 * What a host needs whose Python is too new for the site, beside the site's own wheels: a second version of pip and
 * setuptools, uv, and uWSGI from the index.
 */
export const managedPins = ['pip==23.0.1', 'setuptools==66.1.1', 'uv==0.13.9', 'pyuwsgi==2.0.30.post1'];

/** The program that serves the Python packages, pinned: it decides what pip and poetry see. */
export const pypiserver = 'pypiserver==2.4.2';

/** A host of a rehearsal: its name, its network card, and the far end of the cable, which is its router. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  readonly router: string;
  readonly address6: string;
  readonly router6: string;
}

/** The line between a host and the internet, when it is to be slower than memory. */
export interface Link {
  /** Megabits a second, in each direction. */
  readonly mbit: number;
  /** Milliseconds there and back together, as ping shows them; even. */
  readonly roundTripMs: number;
}

export const guestAddress = '192.0.2.10';
const routerAddress = '192.0.2.1';

/** The one that every rehearsal has. */
export const usualMachine: Machine = {
  name: 'studio',
  address: guestAddress,
  router: routerAddress,
  address6: '2001:db8:1::10',
  router6: '2001:db8:1::1',
};

/** Another one, at another provider. */
export const otherMachine: Machine = {
  name: 'second',
  address: '203.0.113.20',
  router: '203.0.113.1',
  address6: '2001:db8:2::20',
  router6: '2001:db8:2::1',
};

/** @returns the machine of a server among others of the same site, in a network of its own @param number 1 to 99, its own */
export function machineOf(name: string, number: number): Machine {
  return {
    name,
    address: `10.20.${number}.10`,
    router: `10.20.${number}.1`,
    address6: `2001:db8:20${String(number).padStart(2, '0')}::10`,
    router6: `2001:db8:20${String(number).padStart(2, '0')}::1`,
  };
}

/** The name server of all. Nothing listens on its other ports. */
export const nameServerAddress = routerAddress;

/**
 * The services of the rehearsal's internet, each with an address of its own behind the router, so that one can be cut off
 * without touching another (`Internet.pause`).
 */
export const services = {
  'deb.example.test': '198.51.100.10',
  'pypi.example.test': '198.51.100.11',
  'git.example.test': '198.51.100.12',
  'releases.example.test': '198.51.100.13',
  'acme.example.test': '198.51.100.14',
  'mail.example.test': '198.51.100.15',
} as const;
export type ServiceName = keyof typeof services;

/** Real names that the document and the product know, and the service that stands in for each. */
export const aliases: Readonly<Record<string, ServiceName>> = {
  'git.blender.org': 'git.example.test',
  'github.com': 'releases.example.test',
};

/** Names that point at the guest from the start. Every other name points at the router, where nothing listens. */
export const siteNames = [
  'studio.example.org',
  'www.studio.example.org',
  'studio.example.net',
  'new.example.net',
  'www.new.example.net',
];

/** Files that every fresh host has, put into the cached root: the way to the stand-ins, and nothing else. */
export const rootFiles: Readonly<Record<string, string>> = {
  ...hostFiles(usualMachine),
  '/etc/resolv.conf': `nameserver ${nameServerAddress}\n`,
  '/etc/apt/sources.list': 'deb [trusted=yes] http://deb.example.test/ ./\n',
  // No translations: asking for them costs a request and an "Ign" line per update.
  '/etc/apt/apt.conf.d/99rehearsal': 'Acquire::Languages "none";\n',
  '/etc/pip.conf':
    '[global]\nindex-url = http://pypi.example.test/simple/\ntrusted-host = pypi.example.test\ndisable-pip-version-check = true\n',
  // As whoever keeps a mirror of python-build-standalone tells uv of it (docs.astral.sh/uv, "Configuration files").
  '/etc/uv/uv.toml':
    'system-certs = true\npython-downloads-json-url = "https://releases.example.test/python-build-standalone/downloads.json"\n',
  // Python's requests, so certbot and pip too, brings its own list of authorities and would not trust the ACME server.
  '/etc/systemd/system.conf.d/rehearsal.conf':
    '[Manager]\nDefaultEnvironment=REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt\n',
};

/** By its path, what tells a host who it is. */
export function hostFiles({ name }: Machine): Readonly<Record<string, string>> {
  return {
    '/etc/hostname': `${name}\n`,
    '/etc/hosts': `127.0.0.1 localhost\n127.0.1.1 ${name}\n::1 localhost ip6-localhost ip6-loopback\n`,
  };
}

/** Timers that would start apt, and hold its lock, at an hour that no test chose. */
export const maskedUnits = ['apt-daily.timer', 'apt-daily-upgrade.timer', 'e2scrub_all.timer'];
