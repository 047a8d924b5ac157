import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConflictError } from '../../src/output/problem.ts';
import { noOtherMeilisearch } from '../../src/requirements/other-meilisearch.ts';
import { given } from '../host/given.ts';

const documented = readFileSync(
  new URL('../rehearsal/site/deploy/etc/systemd/system/meilisearch.service', import.meta.url),
  'utf8',
);
// As Meilisearch's own guide for a server has it (meilisearch.com, "Running in production").
const others = `[Unit]
Description=Meilisearch
[Service]
WorkingDirectory=/var/lib/meilisearch
ExecStart=/usr/local/bin/meilisearch --config-file-path /etc/meilisearch.toml
User=meilisearch
Environment=MEILI_MASTER_KEY=kept-from-the-screen
`;
const path = '/etc/systemd/system/meilisearch.service';

test.each([
  { what: 'none', files: {} },
  { what: "the document's", files: { [path]: documented } },
  {
    what: 'one with its data elsewhere below /var/www',
    files: { [path]: others.replace('/var/lib', '/var/www') },
  },
])('passes: $what', async ({ files }) => {
  await expect(noOtherMeilisearch(given({ files }))).resolves.toBeUndefined();
});

test("passes: the site's own, written by the product, wherever its data went", async () => {
  const host = { ...given({ files: { [path]: others } }), written: async () => ({ sha256: '' }) };
  await expect(noOtherMeilisearch(host)).resolves.toBeUndefined();
});

test('passes: told to replace it', async () => {
  const host = { ...given({ files: { [path]: others } }), mayOverwrite: (each: string) => each === path };
  await expect(noOtherMeilisearch(host)).resolves.toBeUndefined();
});

// neighbours.md 16
test.each([path, '/usr/lib/systemd/system/meilisearch.service'])(
  "another application's at %s is a conflict, without its key",
  async (place) => {
    const error = await noOtherMeilisearch(given({ files: { [place]: others } })).catch(
      (each: unknown) => each,
    );
    if (!(error instanceof ConflictError)) throw error;
    expect(error.problem.what).toContain(`${place} belongs to another application`);
    expect(error.problem.what).toContain('Nothing was changed.');
    expect(error.problem.detail?.join('\n')).toContain('User=meilisearch');
    expect(JSON.stringify(error.problem)).not.toContain('kept-from-the-screen');
  },
);
