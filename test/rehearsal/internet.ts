import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupServer } from './backup-server.ts';
import { Dns, nameServer } from './dns.ts';
import { GitServer, gitFolder } from './git-server.ts';
import type { MailConfig } from './mail.ts';
import type { MeilisearchVersion } from './meilisearch/release.ts';
import { type Finished, must, type RunOptions, run, split } from './process.ts';
import { type PythonIndex, packageServer } from './python.ts';
import { aliases, type ServiceName, services } from './recipe.ts';
import { releasePath } from './releases.ts';
import type { Sandbox } from './sandbox.ts';
import type { WebConfig } from './web.ts';

/** Folders of the machine that the services of the internet are made from. */
export interface Supplies {
  /** The Debian packages and their index. */
  readonly pool: string;
  readonly index: PythonIndex;
  /** Debian packages, unpacked: Pebble and the ssh server. */
  readonly programs: string;
  /** Bare git repositories. */
  readonly repositories: string;
  /** Meilisearch's release files. */
  readonly releases: string;
  /** Managed builds of Python, and the list of them that uv reads. */
  readonly pythons: string;
}

/** Inside the sandbox: where the services keep what they need for one rehearsal. */
const folder = '/run/rehearsal/internet';

/** Everything that the guest can reach, served by real programs on the far end of its network cable. */
export class Internet {
  /** The ACME server's directory. Its authority, and the one that its certificates come from, are trusted on the guest. */
  readonly acmeDirectory = 'https://acme.example.test:14000/dir';
  readonly dns: Dns;
  readonly git: GitServer;
  readonly backups: BackupServer;
  readonly #sandbox: Sandbox;
  readonly #releases: string;
  readonly #repositories: string;
  readonly #paused = new Set<ServiceName>();
  #hasMailbox = false;

  private constructor(sandbox: Sandbox, { releases, repositories }: Supplies) {
    this.#sandbox = sandbox;
    this.#releases = releases;
    this.#repositories = repositories;
    this.dns = new Dns(sandbox);
    this.git = new GitServer(sandbox);
    this.backups = new BackupServer(sandbox);
  }

  /** Starts every service, and resolves when each answers. */
  static async start(sandbox: Sandbox, supplies: Supplies): Promise<Internet> {
    const internet = new Internet(sandbox, supplies);
    await internet.#prepare();
    await internet.#shell(
      'mkdir releases && ln -s "$1"/* "$2"/* releases/',
      supplies.releases,
      supplies.pythons,
    );
    const pebble = join(supplies.programs, 'usr/bin');
    const ssh = [supplies.programs, services['git.example.test'], gitFolder];
    internet.#serve('dns', nameServer(pebble));
    internet.#serve('web', webServer(supplies));
    internet.#serve('pypi', packageServer(supplies.index, services['pypi.example.test']));
    internet.#serve('acme', [`${pebble}/pebble`, '-config', `${folder}/pebble.json`]);
    internet.#serve('ssh', ['sh', join(import.meta.dirname, 'ssh.sh'), ...ssh]);
    await internet.dns.populate();
    await Promise.all([
      internet.#answers('http://deb.example.test/Release'),
      internet.#answers('http://pypi.example.test/simple/'),
      internet.#answers(internet.acmeDirectory),
    ]);
    await internet.#shell('curl -sS --fail --insecure https://127.0.0.1:15000/roots/0 > acme.pem');
    return internet;
  }

  /** The authorities that the guest has to trust, as PEM text: the services' own, and the ACME server's root. */
  async authorities(): Promise<{ services: string; acme: string }> {
    return { services: await this.#shell('cat authority.pem'), acme: await this.#shell('cat acme.pem') };
  }

  /** Runs curl as somebody out there would who trusts the ACME server's certificates, and no others. */
  curl(...args: readonly string[]): Promise<Finished> {
    const argv = ['curl', '--silent', '--show-error', '--cacert', `${folder}/acme.pem`, ...args];
    return run(this.#sandbox.online(argv), { env: { PATH: process.env.PATH } });
  }

  /** Runs a program of the machine as somebody out there would, an operator at their own computer for one. */
  run(
    argv: readonly string[],
    options: Pick<RunOptions, 'env'> & { readonly cwd: string },
  ): Promise<Finished> {
    // The folder is named inside: what enters the namespaces starts in theirs.
    return run(this.#sandbox.online(['env', `--chdir=${options.cwd}`, ...argv]), { env: options.env });
  }

  /** Cuts a service off, as a failed machine would be: whoever calls it hears at once that there is no way to it. */
  async pause(service: ServiceName): Promise<void> {
    this.#paused.add(service);
    await this.#shell('ip addr del "$1/32" dev lo', services[service]);
  }

  /** Lets a service be reached again. It has lost nothing. */
  async resume(service: ServiceName): Promise<void> {
    this.#paused.delete(service);
    await this.#shell('ip addr add "$1/32" dev lo', services[service]);
  }

  /**
   * Takes back what tests did to it: names, commits, keys, services that were cut off. What the ACME server knows stays, so
   * that a certificate of before can be renewed.
   * @throws {Error} when an account for mail was opened, which stays
   */
  async putBack(): Promise<void> {
    if (this.#hasMailbox) throw new Error('Its mail server, once started, can not be put back.');
    for (const service of this.#paused) await this.resume(service);
    await this.dns.putBack();
    await this.#shell(
      'rm -r git backups; cp -a "$1" git; mkdir backups; : > authorized_keys; : > backup_keys',
      this.#repositories,
    );
  }

  /** Where a version of Meilisearch can be downloaded from, at the project's own address too, and the sha256 of the file. */
  async meilisearch(version: MeilisearchVersion): Promise<{ url: string; sha256: string }> {
    const path = releasePath(version);
    const content = await readFile(join(this.#releases, path));
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { url: `https://releases.example.test/${path}`, sha256 };
  }

  /** Opens an account at `mail.example.test`, port 587. @returns what reads the messages that were sent through it so far */
  async mailbox(user: string, password: string): Promise<() => Promise<readonly string[]>> {
    this.#hasMailbox = true;
    const inbox = `${folder}/inbox`;
    const config: MailConfig = {
      address: services['mail.example.test'],
      certificate: `${folder}/server.pem`,
      key: `${folder}/server.key`,
      ...{ user, password, inbox },
    };
    this.#serve('mail', [process.execPath, join(import.meta.dirname, 'mail.ts'), JSON.stringify(config)]);
    // It makes it when it listens.
    await this.#shell('until test -e inbox; do sleep 0.1; done');
    return async () =>
      (await this.#shell('cat inbox'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as string);
  }

  /** Lays out the folder: certificates, the repositories, and Pebble's configuration. */
  async #prepare(): Promise<void> {
    const names = [...Object.keys(services), ...Object.keys(aliases)].map((name) => `DNS:${name}`);
    const script = join(import.meta.dirname, 'certificates.sh');
    await this.#shell('sh "$1" "$2"; cp -a "$3" git', script, names.join(), this.#repositories);
    const pebble = {
      listenAddress: `${services['acme.example.test']}:14000`,
      managementListenAddress: '127.0.0.1:15000',
      certificate: `${folder}/server.pem`,
      privateKey: `${folder}/server.key`,
      httpPort: 80,
      tlsPort: 443,
      ocspResponderURL: '',
      externalAccountBindingRequired: false,
    };
    await this.#shell('printf %s "$1" > pebble.json', JSON.stringify({ pebble }));
  }

  #serve(name: string, argv: readonly string[]): void {
    const script = 'log=$1; shift; exec "$@" > "$log" 2>&1';
    const wrapped = ['sh', '-c', script, 'sh', `${folder}/${name}.log`, ...argv];
    // Without these Pebble dawdles before it validates, and refuses good requests now and then.
    const env = {
      PATH: process.env.PATH,
      PEBBLE_VA_NOSLEEP: '1',
      PEBBLE_WFE_NONCEREJECT: '0',
      // Else half of the names that were proved once count as proved again, by chance, and a lost challenge goes unseen.
      PEBBLE_AUTHZREUSE: '0',
    };
    spawn(...split(this.#sandbox.online(wrapped)), { env, stdio: 'ignore' }).unref();
  }

  async #answers(url: string): Promise<void> {
    const patience = ['--max-time', '30', '--retry', '100', '--retry-delay', '0', '--retry-connrefused'];
    const ask = ['curl', '-sS', '--fail', '--output', '/dev/null', '--cacert', `${folder}/authority.pem`];
    const { code, stderr } = await run(this.#sandbox.online([...ask, ...patience, url]));
    if (code !== 0) throw new Error(`${url} does not answer in the rehearsal's internet: ${stderr.trim()}`);
  }

  #shell(script: string, ...args: readonly string[]): Promise<string> {
    return must(this.#sandbox.online(['sh', '-e', '-c', `cd ${folder}; ${script}`, 'sh', ...args]));
  }
}

function webServer(supplies: Supplies): string[] {
  const config: WebConfig = {
    certificate: `${folder}/server.pem`,
    key: `${folder}/server.key`,
    sites: [
      { address: services['deb.example.test'], folder: supplies.pool, git: false },
      { address: services['releases.example.test'], folder: `${folder}/releases`, git: false },
      { address: services['git.example.test'], folder: gitFolder, git: true },
    ],
  };
  return [process.execPath, join(import.meta.dirname, 'web.ts'), JSON.stringify(config)];
}
