import type { MeilisearchVersion } from './meilisearch/release.ts';
import type { Finished } from './process.ts';
import type { Rehearsal } from './rehearsal.ts';

/** The site's services and timers as the document names them, not as the product does: what is proved must not ask the prover. */
const services = ['meilisearch', 'studio', 'studio-background', 'nginx', 'postgresql'];
const timers = [
  'studio-clearsessions',
  'studio-process-deletion-requests',
  'studio-background-restart',
  'studio-stats',
  'studio-clock-tick',
];

/** The proofs that the site works, each as somebody sees it who knows nothing of the product. All throw when it does not. */
export class Proof {
  readonly #host: Rehearsal;
  readonly #domain: string;
  readonly #version: MeilisearchVersion;

  /** @param version of Meilisearch: the header that carries a key depends on it */
  constructor(host: Rehearsal, domain = 'studio.example.org', version: MeilisearchVersion = '0.25.2') {
    this.#host = host;
    this.#domain = domain;
    this.#version = version;
  }

  /** Every name answers 200 over HTTPS, with a chain that ends at the ACME server's root; port 80 leads there. */
  async https(names: readonly string[] = [this.#domain]): Promise<string> {
    for (const name of names) {
      const { code, stdout, stderr } = await this.#curl(
        `https://${name}/`,
        '--output',
        '/dev/null',
        '--write-out',
        '%{http_code} %{ssl_verify_result}',
      );
      if (code !== 0 || stdout !== '200 0')
        throw new Error(`https://${name}/ answers ${stdout} ${stderr.trim()}`);
      const plain = await this.#curl(
        `http://${name}/`,
        '--output',
        '/dev/null',
        '--write-out',
        '%{redirect_url}',
      );
      if (plain.stdout !== `https://${name}/`) throw new Error(`http://${name}/ leads to ${plain.stdout}`);
    }
    return `${names.join(', ')}: 200, chain verified`;
  }

  /** The front page shows rows of the database, the site's own name, and the release of the deployed branch. */
  async databasePage(): Promise<string> {
    const page = await this.#page('/');
    for (const wanted of ['The Lighthouse Ferry', `https://${this.#domain}/`, 'Release: production']) {
      if (!page.includes(wanted)) throw new Error(`The front page does not say "${wanted}".`);
    }
    return 'films, site name and release out of the database';
  }

  /** Static files come from nginx, where collectstatic put them. */
  async staticFile(): Promise<string> {
    await this.#page('/static/common/studio.css');
    return 'studio.css';
  }

  /** A visitor's search, with the key that the search page carries, finds a film; a wrong key is refused. */
  async search(): Promise<string> {
    const page = await this.#page('/search/');
    const address = attribute(page, 'data-address');
    if (address !== `https://${this.#domain}/s/`) throw new Error(`The search page names ${address}.`);
    const found = await this.#search(attribute(page, 'data-key'));
    if (found.status !== '200' || !found.body.includes('The Lighthouse Ferry'))
      throw new Error(`The search returned HTTP ${found.status}: ${found.body.slice(0, 200)}`);
    for (const key of ['wrong-key-of-a-stranger', undefined]) {
      const { status } = await this.#search(key);
      if (status !== '403' && status !== '401')
        throw new Error(`A search ${key ? 'with a wrong key' : 'without a key'} returned HTTP ${status}.`);
    }
    return 'finds a film with the public key, refused with a wrong one';
  }

  async services(): Promise<string> {
    await this.#active(services.map((name) => `${name}.service`));
    return services.join(', ');
  }

  async timers(): Promise<string> {
    await this.#active(timers.map((name) => `${name}.timer`));
    const { stdout } = await this.#host.exec(['systemctl', 'list-timers', '--no-legend', 'studio-*']);
    const waiting = timers.filter((name) => stdout.includes(`${name}.timer`));
    if (waiting.length < timers.length) throw new Error(`Waiting are only: ${waiting.join(', ')}`);
    return `all ${timers.length} of them`;
  }

  /** @returns when each service was started last: the same again means that none was restarted or reloaded */
  async starts(): Promise<string> {
    const units = services.map((name) => `${name}.service`);
    const properties = '--property=Id,MainPID,ActiveEnterTimestampMonotonic,StateChangeTimestampMonotonic';
    const { stdout } = await this.#host.exec(['systemctl', 'show', properties, ...units]);
    // A reload keeps nginx's first process and takes new workers.
    const workers = await this.#host.exec(['pgrep', '--full', '--list-name', 'nginx: worker']);
    return `${stdout}${workers.stdout}`;
  }

  /** @returns the serial number of the certificate that nginx serves */
  async serial(): Promise<string> {
    const { stdout } = await this.#curl(
      `https://${this.#domain}/`,
      '--output',
      '/dev/null',
      '--write-out',
      '%{certs}',
    );
    const serial = /^Serial Number: *(\S+)/m.exec(stdout)?.[1];
    if (serial === undefined) throw new Error(`nginx serves no certificate: ${stdout.slice(0, 200)}`);
    return serial;
  }

  /** A renewal reaches the visitors. */
  async renewal(): Promise<string> {
    const before = await this.serial();
    const renew = ['certbot', 'renew', '--force-renewal', '--no-random-sleep-on-renew'];
    const { code, stderr } = await this.#host.exec(renew, { timeoutMs: 120_000 });
    if (code !== 0) throw new Error(`certbot renew ended with ${code}: ${stderr.trim().slice(-400)}`);
    // nginx takes its new workers while the old ones still answer.
    const deadline = Date.now() + 10_000;
    let after = await this.serial();
    while (after === before && Date.now() < deadline) after = await this.serial();
    if (after === before) throw new Error('nginx still serves the certificate from before the renewal.');
    return `serial …${before.slice(-6)} became …${after.slice(-6)}`;
  }

  async #active(units: readonly string[]): Promise<void> {
    const { stdout } = await this.#host.exec(['systemctl', 'is-active', ...units]);
    const states = stdout.trim().split('\n');
    const down = units.filter((_, index) => states[index] !== 'active');
    if (down.length > 0) throw new Error(`Not active: ${down.join(', ')} (${states.join(' ')})`);
  }

  async #page(path: string): Promise<string> {
    const { code, stdout, stderr } = await this.#curl('--fail', `https://${this.#domain}${path}`);
    if (code !== 0) throw new Error(`https://${this.#domain}${path}: ${stderr.trim()}`);
    return stdout;
  }

  async #search(key: string | undefined): Promise<{ status: string; body: string }> {
    const header = this.#version === '0.24.0' ? 'X-Meili-API-Key: ' : 'Authorization: Bearer ';
    const { stdout } = await this.#curl(
      ...(key === undefined ? [] : ['--header', `${header}${key}`]),
      ...['--json', JSON.stringify({ q: 'ferry' })],
      ...['--write-out', '\n%{http_code}'],
      `https://${this.#domain}/s/indexes/studio/search`,
    );
    const [status = '', ...body] = stdout.split('\n').reverse();
    return { status, body: body.reverse().join('\n') };
  }

  #curl(...args: readonly string[]): Promise<Finished> {
    return this.#host.internet.curl('--max-time', '60', ...args);
  }
}

function attribute(page: string, name: string): string {
  const value = new RegExp(`${name}="([^"]*)"`).exec(page)?.[1];
  if (value === undefined) throw new Error(`The search page has no ${name}.`);
  return value;
}
