import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { Accounts } from '../../src/host/accounts.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { remoteDigest } from '../../src/operations/download.ts';

const CONTENT = Buffer.alloc(3 * 1024 * 1024, 'meilisearch');
const DIGEST = createHash('sha256').update(CONTENT).digest('hex');

async function digestOf(answer: RequestListener, limits?: { bytes: number; seconds: number }) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const host = new LinuxHost({ accounts: new Accounts(), ledger: new Ledger('/nonexistent/ledger.json') });
  try {
    return await remoteDigest(host, `http://127.0.0.1:${port}/meilisearch`, limits);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test.each<readonly [string, RequestListener, { bytes: number; seconds: number } | undefined, object]>([
  ['whole', (_, answer) => answer.end(CONTENT), undefined, { sha256: DIGEST }],
  [
    'exactly as large as it may be',
    (_, answer) => answer.end(CONTENT),
    { bytes: CONTENT.length, seconds: 60 },
    { sha256: DIGEST },
  ],
  [
    'one byte too large',
    (_, answer) => answer.end(CONTENT),
    { bytes: CONTENT.length - 1, seconds: 60 },
    { wrong: expect.stringMatching(/is larger than 2 MiB/) },
  ],
  [
    'without an end',
    (_, answer) => {
      const more = () => {
        while (!answer.destroyed && answer.write(CONTENT));
        if (!answer.destroyed) answer.once('drain', more);
      };
      more();
    },
    { bytes: 8 * 1024 * 1024, seconds: 60 },
    { wrong: expect.stringMatching(/is larger than 8 MiB/) },
  ],
  [
    'drop by drop',
    (_, answer) => {
      const drip = setInterval(() => answer.write('x'), 50);
      answer.once('close', () => clearInterval(drip));
    },
    { bytes: CONTENT.length, seconds: 1 },
    { wrong: expect.stringMatching(/took longer than 1 seconds to download/) },
  ],
  [
    'cut off',
    (_, answer) => {
      answer.writeHead(200, { 'Content-Length': CONTENT.length });
      answer.write(CONTENT.subarray(0, 1000), () => answer.destroy());
    },
    undefined,
    { wrong: expect.stringMatching(/could not be downloaded/) },
  ],
  [
    'not there',
    (_, answer) => answer.writeHead(404).end('no'),
    undefined,
    { wrong: expect.stringMatching(/could not be downloaded/) },
  ],
])('a file that comes %s', async (_, answer, limits, wanted) => {
  expect(await digestOf(answer, limits)).toEqual(wanted);
});
