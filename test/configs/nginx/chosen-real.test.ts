import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chosenServer } from '../../../src/configs/nginx/chosen.ts';
import { type InForce, parseInForce } from '../../../src/configs/nginx/in-force.ts';
import { request } from '../../../src/host/http.ts';

// The real nginx on ports of its own: what it answers with is compared with what its rules say here.
const folder = mkdtempSync(join(tmpdir(), 'nginx-chosen-'));
const nginx = ['-p', folder, '-c', join(folder, 'nginx.conf')];
let port = 0;
let inForce: InForce;

beforeAll(async () => {
  port = await freePort();
  const server = (listens: readonly string[], names: string, body: string) =>
    `server { ${listens.map((each) => `listen ${each};`).join(' ')} ${names && `server_name ${names};`} return 200 "${body}"; }`;
  const all = [`${port}`, `[::]:${port}`];
  writeFileSync(
    join(folder, 'nginx.conf'),
    [
      'worker_processes 1; events {} pid pid; error_log error.log;',
      'http { access_log off;',
      server(all, '~^st.*\\.org$', 'pattern'),
      server(all, '*.example.org', 'before'),
      server(all, '*.studio.example.org', 'longer'),
      server(all, 'studio.example.org', 'exact'),
      server(all, 'studio.example.org', 'again'),
      server(all, 'studio.*', 'after'),
      server(all, '.example.net', 'dotted'),
      server([`${port} default_server`, `[::]:${port} default_server`], '_', 'fallback'),
      server([`127.0.0.2:${port}`], 'other.example.com', 'address'),
      server([`127.0.0.2:${port}`], 'studio.example.org', 'name on address'),
      server([`127.0.0.3:${port}`], '', 'nameless'),
      '}',
    ].join('\n'),
  );
  const { stdout, stderr, status } = spawnSync('nginx', ['-T', ...nginx], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  inForce = parseInForce(stdout) as InForce;
  execFileSync('nginx', nginx);
});
afterAll(() => {
  spawnSync('nginx', [...nginx, '-s', 'stop']);
  rmSync(folder, { recursive: true, force: true });
});

const names = [
  'studio.example.org',
  'STUDIO.example.org',
  'www.studio.example.org',
  'a.example.org',
  'studio.example.com',
  'stranger.org',
  'example.net',
  'www.example.net',
  'nobody.example.com',
];
const requests = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '::1'].flatMap((address) =>
  names.map((name) => ({ address, name })),
);

test.each(requests)('$name at $address', async ({ address, name }) => {
  const { body, error } = await request(`http://${name}:${port}/`, { address, headers: { host: name } });
  expect(error).toBeUndefined();
  const chosen = chosenServer(inForce, { address, port, name });
  // Each server stands on a line of its own.
  const lines = (inForce.files.values().next().value ?? '').split('\n');
  expect(lines[(chosen?.server.line ?? 0) - 1]).toContain(`"${body}"`);
});

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
  });
  return promise;
}
