import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Dns, nameServer } from './dns.ts';
import type { MeilisearchVersion } from './meilisearch/release.ts';
import { type Finished, must, run, split } from './process.ts';
import { type PythonIndex, python } from './python.ts';
import { type ServiceName, services } from './recipe.ts';
import { releasePath } from './releases.ts';
import type { Sandbox } from './sandbox.ts';
import type { WebConfig } from './web.ts';

/** Folders of the machine that the services of the internet are made from. */
export interface Supplies {
  readonly pool: string;
  readonly index: PythonIndex;
  /** Debian packages, unpacked: Pebble and the ssh server. */
  readonly programs: string;
  /** Bare git repositories. */
  readonly repositories: string;
  /** Meilisearch's release files. */
  readonly releases: string;
}

/** Inside the sandbox: where the services keep what they need for one rehearsal. */
const folder = '/run/rehearsal/internet';

/** Everything that the guest can reach, served by real programs on the far end of its network cable. */
export class Internet {
  /** The ACME server's directory. Its authority, and the one that its certificates come from, are trusted on the guest. */
  readonly acmeDirectory = 'https://acme.example.test:14000/dir';
  /** The site's repository; the private dependency's lies beside it. Also served by `http://`. */
  readonly repositoryUrl = 'https://git.example.test/blender-studio.git';
  /** The same by ssh, for the keys that `admitKey` was told of. */
  readonly sshRepositoryUrl = 'git@git.example.test:blender-studio.git';
  readonly dns: Dns;
  readonly #sandbox: Sandbox;
  readonly #releases: string;

  private constructor(sandbox: Sandbox, releases: string) {
    this.#sandbox = sandbox;
    this.#releases = releases;
    this.dns = new Dns(sandbox);
  }

  /** Starts every service, and resolves when each answers. */
  static async start(sandbox: Sandbox, supplies: Supplies): Promise<Internet> {
    const internet = new Internet(sandbox, supplies.releases);
    const names = Object.keys(services).map((name) => `DNS:${name}`);
    const script = join(import.meta.dirname, 'certificates.sh');
    await internet.#shell('sh "$1" "$2"; cp -a "$3" git', script, names.join(), supplies.repositories);
    const config: WebConfig = {
      certificate: `${folder}/server.pem`,
      key: `${folder}/server.key`,
      sites: [
        { address: services['deb.example.test'], folder: supplies.pool, git: false },
        { address: services['releases.example.test'], folder: supplies.releases, git: false },
        { address: services['git.example.test'], folder: `${folder}/git`, git: true },
      ],
    };
    const web = [process.execPath, join(import.meta.dirname, 'web.ts'), JSON.stringify(config)];
    const pebble = join(supplies.programs, 'usr/bin');
    const ssh = [supplies.programs, services['git.example.test'], `${folder}/git`];
    internet.#serve('dns', nameServer(pebble));
    internet.#serve('web', web);
    internet.#serve('pypi', pypi(supplies.index));
    internet.#serve('acme', await internet.#pebble(pebble));
    internet.#serve('ssh', ['sh', join(import.meta.dirname, 'ssh.sh'), ...ssh]);
    await internet.dns.populate();
    await Promise.all([
      internet.#answers('http://deb.example.test/Release'),
      internet.#answers('http://pypi.example.test/simple/'),
      internet.#answers(internet.acmeDirectory),
    ]);
    await internet.#shell('curl -sS --fail --insecure https://127.0.0.1:15000/roots/0 > acme-root.pem');
    await internet.#shell('cat authority.pem acme-root.pem > trusted.pem');
    return internet;
  }

  /** The two authorities that the guest has to trust, as PEM text: the services' own, and the ACME server's root. */
  authorities(): Promise<{ services: string; acme: string }> {
    return Promise.all([this.#shell('cat authority.pem'), this.#shell('cat acme-root.pem')]).then(
      ([services, acme]) => ({ services, acme }),
    );
  }

  /** Runs curl as somebody out there would, trusting the certificates that the ACME server gives out. */
  curl(...args: readonly string[]): Promise<Finished> {
    const argv = ['curl', '--silent', '--show-error', '--cacert', `${folder}/trusted.pem`, ...args];
    return run(this.#sandbox.online(argv), { env: { PATH: process.env.PATH } });
  }

  /** Cuts a service off, as a failed machine would be: whoever calls it hears at once that there is no way to it. */
  async pause(service: ServiceName): Promise<void> {
    await this.#online('ip', 'addr', 'del', `${services[service]}/32`, 'dev', 'lo');
  }

  /** Lets a service be reached again. It has lost nothing. */
  async resume(service: ServiceName): Promise<void> {
    await this.#online('ip', 'addr', 'add', `${services[service]}/32`, 'dev', 'lo');
  }

  /** Makes git ask for a login before it gives out a repository, `studio-private.git` for one. */
  async refuse(repository: string): Promise<void> {
    await this.#shell('touch "git/$1/refused"', repository);
  }

  /** Lets everybody read a repository again. */
  async admit(repository: string): Promise<void> {
    await this.#shell('rm -f "git/$1/refused"', repository);
  }

  /** Lets the holder of an ssh key clone: a deploy key, as a line of `authorized_keys`. Without it every key is refused. */
  async admitKey(publicKey: string): Promise<void> {
    await this.#shell('printf "%s\\n" "$1" >> authorized_keys', publicKey.trim());
  }

  /** The git server's host key as a line of `known_hosts`. */
  async hostKey(): Promise<string> {
    return `git.example.test ${(await this.#shell('cut -d" " -f1,2 host_key.pub')).trim()}`;
  }

  /** Where a version of Meilisearch can be downloaded from, and the sha256 of the file. */
  async meilisearch(version: MeilisearchVersion): Promise<{ url: string; sha256: string }> {
    const path = releasePath(version);
    const content = await readFile(join(this.#releases, path));
    return {
      url: `https://releases.example.test/${path}`,
      sha256: createHash('sha256').update(content).digest('hex'),
    };
  }

  /** Runs git in a bare repository of the internet: to add a commit that the host can pull, for one. */
  git(repository: string, ...args: readonly string[]): Promise<string> {
    return must(this.#sandbox.inside(['git', '-C', `${folder}/git/${repository}`, ...args]));
  }

  #serve(name: string, argv: readonly string[]): void {
    const script = 'log=$1; shift; exec "$@" > "$log" 2>&1';
    const wrapped = ['sh', '-c', script, 'sh', `${folder}/${name}.log`, ...argv];
    const env = {
      PATH: process.env.PATH,
      PEBBLE_VA_NOSLEEP: '1',
      PEBBLE_WFE_NONCEREJECT: '0',
    };
    spawn(...split(this.#sandbox.online(wrapped)), { env, stdio: 'ignore' }).unref();
  }

  async #pebble(programs: string): Promise<string[]> {
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
    return [`${programs}/pebble`, '-config', `${folder}/pebble.json`];
  }

  async #answers(url: string): Promise<void> {
    const wait = [
      '--fail',
      '--output',
      '/dev/null',
      '--retry',
      '100',
      '--retry-connrefused',
      '--retry-delay',
      '0',
    ];
    const { code, stderr } = await run(
      this.#sandbox.online([
        'curl',
        '-sS',
        '--cacert',
        `${folder}/authority.pem`,
        '--max-time',
        '30',
        ...wait,
        url,
      ]),
    );
    if (code !== 0) throw new Error(`${url} does not answer in the rehearsal's internet: ${stderr.trim()}`);
  }

  #online(...argv: readonly string[]): Promise<string> {
    return must(this.#sandbox.online(argv));
  }

  #shell(script: string, ...args: readonly string[]): Promise<string> {
    return this.#online('sh', '-e', '-c', `cd ${folder}; ${script}`, 'sh', ...args);
  }
}

function pypi(index: PythonIndex): string[] {
  const listen = ['--interface', services['pypi.example.test'], '--port', '80', '--disable-fallback'];
  return ['env', `PYTHONPATH=${index.server}`, python, '-m', 'pypiserver', 'run', ...listen, index.packages];
}
