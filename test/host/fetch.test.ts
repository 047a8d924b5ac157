import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { fetchedParts } from '../../src/host/fetch.ts';
import { ReleaseServer } from '../commands/sample/release-server.ts';

// What a server can do to it besides: test/commands/self-update.test.ts.

let folder: string;
let server: ReleaseServer;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-fetch-'));
  server = await ReleaseServer.start(folder);
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  vi.stubEnv('SSL_CERT_FILE', server.certificate);
});
afterEach(() => vi.unstubAllEnvs());

const address = () => `${server.address}file`;

/** Drop by drop, for ever. */
function drip(): void {
  server.files.set('file', (_, answer) => {
    const drops = setInterval(() => answer.write('x'), 20);
    answer.once('close', () => clearInterval(drops));
  });
}

test('a file comes whole, and may be exactly as large as the limit', async () => {
  const content = Buffer.alloc(300_000, 'some text');
  server.files.set('file', content);
  const whole = await buffer(fetchedParts(address(), { bytes: content.length, seconds: 60 }));
  expect(whole.equals(content)).toBe(true);
  await expect(buffer(fetchedParts(address(), { bytes: content.length - 1, seconds: 60 }))).rejects.toThrow(
    'is larger than 299999 bytes.',
  );
});

test('one that takes too long', async () => {
  drip();
  await expect(buffer(fetchedParts(address(), { bytes: 1e6, seconds: 1 }))).rejects.toThrow(
    `${address()} took longer than 1 seconds to download.`,
  );
});

test('a stop is no failure of the server', async () => {
  drip();
  const stop = new AbortController();
  const fetched = buffer(fetchedParts(address(), { bytes: 1e6, seconds: 60, signal: stop.signal }));
  setTimeout(() => stop.abort(), 100);
  await expect(fetched).rejects.toMatchObject({ name: 'StoppedError' });
});

test('who takes no more lets go of the connection', async () => {
  drip();
  const closed = Promise.withResolvers<void>();
  const dripping = server.files.get('file');
  server.files.set('file', (request, answer) => {
    answer.once('close', () => closed.resolve());
    if (typeof dripping === 'function') dripping(request, answer);
  });
  for await (const part of fetchedParts(address(), { bytes: 1e6, seconds: 60 })) {
    expect(part.toString()).toMatch(/^x+$/);
    break;
  }
  await closed.promise;
});

test.each(['http://127.0.0.1/file', 'file:///etc/passwd'])('%s is not fetched', async (other) => {
  await expect(buffer(fetchedParts(other, { bytes: 1e6, seconds: 60 }))).rejects.toThrow('is not encrypted');
});

test('a name that nobody has', async () => {
  const nobody = 'https://releases.invalid/file';
  await expect(buffer(fetchedParts(nobody, { bytes: 1e6, seconds: 60 }))).rejects.toThrow(
    /^https:\/\/releases\.invalid\/file could not be fetched: getaddrinfo .*releases\.invalid\.$/,
  );
});
