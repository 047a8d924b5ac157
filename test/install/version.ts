import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeAnswers } from '../rehearsal/answers.ts';
import type { MeilisearchVersion } from '../rehearsal/meilisearch/release.ts';
import { expectExit, Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { filesWith, givenAway, namesIn, systemdSays } from './secrets.ts';

const settings = '/var/www/blender-studio/studio/settings.py';
const keyFile = '/etc/blender-studio/meilisearch.env';

/** Installs the site with a version of Meilisearch, and lets the product make every secret that it can make. */
export function installsWith(version: MeilisearchVersion): void {
  describe(`with Meilisearch ${version} and secrets that the product makes`, () => {
    let host: Rehearsal;
    let operator: Operator;
    let proof: Proof;

    beforeAll(async () => {
      host = await startRehearsal();
      await writeAnswers(host, { meilisearch: version, integrations: 'skipped', secrets: 'generate' });
      await installProduct(host, console.log);
      operator = new Operator(host);
      proof = new Proof(host, 'studio.example.org', version);
      console.log(version, await operator.run());
    });
    afterAll(() => host?.stop());

    test('the site answers, and searches with the public key only', async () => {
      await proof.https(['studio.example.org', 'www.studio.example.org']);
      await proof.databasePage();
      await proof.search();
      await proof.services();
    });

    test('that version runs', async () => {
      const { stdout } = await host.exec([
        'sh',
        '-c',
        'systemctl show --property=ExecStart meilisearch; ls /usr/bin/meilisearch*',
      ]);
      expect(stdout).toContain(`path=/usr/bin/meilisearch-${version} `);
      expect((await host.exec([`/usr/bin/meilisearch-${version}`, '--version'])).stdout).toContain(version);
    });

    test('a second run changes and restarts nothing', async () => {
      console.log(version, await operator.runAgain(proof));
    });

    test('the doctor is content', async () => {
      console.log(version, await operator.doctor());
    });

    test('what was made is strong, and stands in the files that own it only', async () => {
      const source = await host.read(settings);
      const made = {
        'secret-key': literal(source, /^SECRET_KEY = (.*)$/m),
        'database.password': literal(source, /'PASSWORD': ([^,]*),/),
        'blender-id.webhook-secret': literal(source, /'WEBHOOK_USER_MODIFIED_SECRET': b([^,]*),/),
        'meilisearch.private-key': literal(source, /^MEILISEARCH_PRIVATE_KEY = (.*)$/m),
        'meilisearch.master-key': /^MEILI_MASTER_KEY=(.*)$/m.exec(await host.read(keyFile))?.[1] ?? '',
      };
      for (const [id, value] of Object.entries(made)) {
        expect(value.length, id).toBeGreaterThanOrEqual(32);
        expect(new Set(value).size, id).toBeGreaterThan(12);
      }
      const secrets = givenAway(Object.entries(made).map(([id, value]) => ({ id, value })));
      const { 'meilisearch.master-key': _, ...others } = made;
      const compiled = settings.replace('settings.py', '__pycache__/settings.cpython-311.pyc');
      const found = await filesWith(host, secrets);
      // The search engine keeps its keys.
      for (const path of found.keys()) if (path.startsWith('/var/www/data.ms/')) found.delete(path);
      expect(found).toEqual(
        new Map([
          [settings, Object.keys(others)],
          [compiled, Object.keys(others)],
          [keyFile, ['meilisearch.master-key']],
        ]),
      );
      expect(namesIn(await systemdSays(host), secrets)).toEqual([]);
      for (const { stdout, stderr } of operator.transcripts)
        expect(namesIn(`${stdout}\n${stderr}`, secrets)).toEqual([]);
    });

    test('a lost ledger costs no secret and no restart', async () => {
      const before = [await host.read(settings), await host.read(keyFile), await proof.starts()];
      await host.exec(['rm', '-r', '/var/lib/studio-setup']);
      const ran = await operator.start('run', '--json');
      expectExit(ran, 0);
      expect([await host.read(settings), await host.read(keyFile), await proof.starts()]).toEqual(before);
    });
  });
}

/** @returns what stands in a Python string without escapes */
function literal(source: string, pattern: RegExp): string {
  return /^(['"])(.*)\1$/.exec(pattern.exec(source)?.[1] ?? '')?.[2] ?? '';
}
