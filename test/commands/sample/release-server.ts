import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { commentOf } from '../../../src/app/releases/release.ts';
import { must } from '../../rehearsal/process.ts';
import { installMissing } from '../../rehearsal/tools.ts';

/** What a release is made of, where it is not as it should be. */
interface Wrong {
  /** Name of the key that signs: `key` is the one that the program knows. */
  readonly key?: string;
  readonly comment?: string;
  readonly signed?: Date;
  /** Further options of minisign. */
  readonly options?: readonly string[];
}

/** A server of releases on this machine: real HTTPS by a certificate of its own, and real signatures of minisign. */
export class ReleaseServer {
  /** What is answered, by name. */
  readonly files = new Map<string, Buffer | RequestListener>();
  /** Names that were asked for, in this order. */
  readonly asked: string[] = [];
  readonly certificate: string;
  readonly #folder: string;
  readonly #server: Server;

  private constructor(folder: string, server: Server) {
    this.#folder = folder;
    this.#server = server;
    this.certificate = path.join(folder, 'certificate.pem');
  }

  /** @param folder for its keys: absolute path */
  static async start(folder: string): Promise<ReleaseServer> {
    await installMissing(
      { '/usr/bin/minisign': 'minisign', '/usr/bin/xz': 'xz-utils', '/usr/bin/openssl': 'openssl' },
      'a server of releases',
      console.log,
    );
    const at = (name: string) => path.join(folder, name);
    await must([
      ...[
        'openssl',
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=releases.test',
      ],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', at('tls.pem'), '-out', at('certificate.pem')],
    ]);
    for (const name of ['key', 'another-key'])
      await must(['minisign', '-G', '-W', '-p', at(`${name}.pub`), '-s', at(name)]);
    const tls = { key: await readFile(at('tls.pem')), cert: await readFile(at('certificate.pem')) };
    const started: { server?: ReleaseServer } = {};
    const server = createServer(tls, (request, answer) => started.server?.answer(request, answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    started.server = new ReleaseServer(folder, server);
    return started.server;
  }

  /** Where its files are. */
  get address(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** As a build has it. */
  async publicKey(): Promise<string> {
    return (await readFile(path.join(this.#folder, 'key.pub'), 'utf8')).trim().split('\n').at(-1) ?? '';
  }

  answer(...[request, answer]: Parameters<RequestListener>): void {
    const name = request.url?.slice(1) ?? '';
    this.asked.push(name);
    const file = this.files.get(name);
    if (typeof file === 'function') file(request, answer);
    else answer.writeHead(file === undefined ? 404 : 200).end(file);
  }

  /** Makes a release the newest one, signed by minisign. @param executable by Debian's name of the processor */
  async publish(
    version: string,
    executable: Readonly<Record<string, Buffer>>,
    {
      key = 'key',
      signed = new Date(),
      comment = commentOf(`${version}-1`, signed),
      options = [],
    }: Wrong = {},
  ): Promise<void> {
    this.files.clear();
    const lines: string[] = [];
    for (const [architecture, packed] of Object.entries(executable)) {
      const name = `studio-setup_${version}-1_${architecture}.xz`;
      this.files.set(name, packed);
      lines.push(`${createHash('sha256').update(packed).digest('hex')}  ${name}\n`);
    }
    const list = path.join(this.#folder, 'SHA256SUMS');
    await writeFile(list, lines.join(''));
    const by = ['-s', path.join(this.#folder, key), '-m', list, '-t', comment];
    await must(['minisign', '-S', ...options, ...by]);
    for (const name of ['SHA256SUMS', 'SHA256SUMS.minisig'])
      this.files.set(name, await readFile(path.join(this.#folder, name)));
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** @returns the file as xz packs it */
export async function packedByXz(file: string): Promise<Buffer> {
  await must(['xz', '--keep', '--force', '-0', file]);
  return readFile(`${file}.xz`);
}
