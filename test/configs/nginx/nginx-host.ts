import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { template } from '../../../templates/index.ts';

/** The real nginx (apt: nginx) on a vhost, with folder and ports of its own; the machine's service is never touched. */
export class NginxHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  readonly #ports: ReadonlyMap<string, number>;

  private constructor(ports: ReadonlyMap<string, number>) {
    this.#ports = ports;
    const config = join(this.folder, 'var/www/config');
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'uwsgi_params'), template('var/www/config/uwsgi_params'));
    writeFileSync(
      join(config, 'nginx_studio.common.conf'),
      template('var/www/config/nginx_studio.common.conf'),
    );
    mkdirSync(join(this.folder, 'temp'));
  }

  static async create(): Promise<NginxHost> {
    return new NginxHost(
      new Map([
        ['80', await freePort()],
        ['443', await freePort()],
      ]),
    );
  }

  /** What `certbot certonly --webroot` leaves: the certificate's files, no TLS options. */
  addCertificate(name: string): void {
    const live = join(this.folder, 'etc/letsencrypt/live', name);
    mkdirSync(live, { recursive: true });
    const [key, certificate] = [join(live, 'privkey.pem'), join(live, 'fullchain.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync(
      'openssl',
      ['req', '-x509', ...curve, '-keyout', key, '-out', certificate, '-subj', `/CN=${name}`],
      {
        stdio: 'pipe',
      },
    );
    cpSync(certificate, join(live, 'chain.pem'));
  }

  /** What `certbot --nginx` leaves besides. */
  addTlsOptions(): void {
    const folder = join(this.folder, 'etc/letsencrypt');
    writeFileSync(join(folder, 'options-ssl-nginx.conf'), 'ssl_protocols TLSv1.2 TLSv1.3;\n');
    const generated = ['genpkey', '-genparam', '-algorithm', 'DH', '-pkeyopt', 'dh_rfc5114:2'];
    writeFileSync(join(folder, 'ssl-dhparams.pem'), execFileSync('openssl', generated, { stdio: 'pipe' }));
  }

  addFile(path: string, content: string): void {
    const target = join(this.folder, path);
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, content);
  }

  /** Runs `nginx -t`; the output holds warnings too. */
  test(vhost: string): { ok: boolean; output: string } {
    const { status, stderr, error } = spawnSync('nginx', ['-t', ...this.#arguments(vhost)], {
      encoding: 'utf8',
    });
    if (error) throw error;
    return { ok: status === 0, output: stderr };
  }

  /** Serves the vhost while `use` runs. */
  async serve(vhost: string, use: (ports: { http: number; https: number }) => Promise<void>): Promise<void> {
    const nginx = spawn('nginx', [...this.#arguments(vhost), '-g', 'daemon off; master_process off;'], {
      stdio: 'pipe',
    });
    let log = '';
    nginx.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    const ended = once(nginx, 'close');
    try {
      await reachable(this.#port('80'), () => nginx.exitCode !== null).catch(() => {
        throw new Error(`nginx did not come up: ${log}`);
      });
      await use({ http: this.#port('80'), https: this.#port('443') });
    } finally {
      nginx.kill('SIGTERM');
      await ended;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #port(documented: string): number {
    return this.#ports.get(documented) ?? 0;
  }

  /** Paths and ports of the vhost become ones below the folder, the rest is tested as it is. */
  #arguments(vhost: string): string[] {
    const site = vhost
      .replaceAll(/(?<=[\s"])\/(?=etc\/letsencrypt\/|var\/)/g, `${this.folder}/`)
      .replaceAll(
        /(\blisten\s+(?:\S*:)?)(80|443)\b/g,
        (_, listen: string, port: string) => listen + this.#port(port),
      );
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path temp/${kind};`,
    );
    writeFileSync(join(this.folder, 'site.conf'), site);
    const http = `http {\naccess_log off;\n${temporary.join('\n')}\ninclude site.conf;\n}\n`;
    writeFileSync(join(this.folder, 'nginx.conf'), `pid nginx.pid;\nerror_log stderr;\nevents {}\n${http}`);
    return ['-p', this.folder, '-c', 'nginx.conf', '-e', 'stderr'];
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function reachable(port: number, gaveUp: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !gaveUp(); attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port}`);
}
