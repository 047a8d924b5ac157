import { execFileSync } from 'node:child_process';
import type { ProgramResult } from '../../src/host/host.ts';
import type { FakeHost } from '../host/fake/fake-host.ts';
import { type Call, when } from '../host/fake/programs.ts';
import { unlessAbsent } from '../host/fake/tree.ts';

const made = new Map<string, string>();

/** A certificate for these names that ends in a year, made by openssl; one for all tests of a file. */
function certificateFor(names: readonly string[]): string {
  const key = names.join(',');
  const known = made.get(key);
  if (known !== undefined) return known;
  const pem = execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365'],
      ...[
        '-subj',
        `/CN=${names[0]}`,
        '-addext',
        `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
      ],
      ...['-keyout', '/dev/null'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  ).toString();
  made.set(key, pem);
  return pem;
}

/** certbot 2.1 of Debian 12: files as its user guide lays them out, words as it prints them. */
export class Certbot {
  /** How the authority, or the network, refuses; absent when it does not. */
  refuses: string | undefined;
  /** certonly ends with 0 and has produced nothing ("not yet due for renewal"). */
  idle = false;
  readonly #host: FakeHost;

  constructor(host: FakeHost) {
    this.#host = host;
    host.programs.add(
      when(/^(\/snap\/bin\/)?certbot certonly /, (call) => this.#certonly(call)),
      when(/^(\/snap\/bin\/)?certbot renew --dry-run /, ({ argv }) => this.#renew(argv)),
    );
  }

  /** What certbot leaves of a certificate. @param server the authority's directory */
  put(name: string, names: readonly string[], server: string): void {
    const archive = `/etc/letsencrypt/archive/${name}`;
    const live = `/etc/letsencrypt/live/${name}`;
    this.#host.arrange({
      [`${archive}/fullchain1.pem`]: certificateFor(names),
      [`${archive}/privkey1.pem`]: { text: 'key', mode: 0o600 },
      [`${live}/fullchain.pem`]: { link: `../../archive/${name}/fullchain1.pem` },
      [`${live}/privkey.pem`]: { link: `../../archive/${name}/privkey1.pem` },
      [`/etc/letsencrypt/renewal/${name}.conf`]: `# renew_before_expiry = 30 days\nversion = 2.1.0\n[renewalparams]\nserver = ${server}\nauthenticator = webroot\n[[webroot_map]]\n`,
    });
  }

  #certonly({ argv }: Call): Partial<ProgramResult> {
    if (this.refuses !== undefined) return { code: 1, stderr: `${this.refuses}\n` };
    if (argv.includes('--dry-run')) return { stdout: 'The dry run was successful.\n' };
    if (this.idle) return { stdout: 'Certificate not yet due for renewal; no action taken.\n' };
    const names = argv.flatMap((word, index) => (argv[index - 1] === '--domain' ? [word] : []));
    this.put(wordAfter(argv, '--cert-name'), names, wordAfter(argv, '--server'));
    return { stdout: 'Successfully received certificate.\n' };
  }

  #renew(argv: readonly string[]): Partial<ProgramResult> {
    const name = wordAfter(argv, '--cert-name');
    const told = unlessAbsent(() => this.#host.tree.find(`/etc/letsencrypt/renewal/${name}.conf`));
    if (told === undefined) return { code: 1, stderr: `No certificate found with name ${name}\n` };
    if (this.refuses !== undefined) return { code: 1, stderr: `${this.refuses}\n` };
    return { stdout: 'Congratulations, all simulated renewals succeeded:\n' };
  }
}

function wordAfter(argv: readonly string[], option: string): string {
  return argv[argv.indexOf(option) + 1] ?? '';
}
