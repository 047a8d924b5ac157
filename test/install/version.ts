import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnswersOptions, writeAnswers } from '../rehearsal/answers.ts';
import type { MeilisearchVersion } from '../rehearsal/meilisearch/release.ts';
import { expectExit, Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { shell } from './operator.ts';
import { rotated, wholeSearch } from './rotation.ts';
import { filesWith, givenAway, namesIn, systemdSays } from './secrets.ts';

const settings = '/var/www/blender-studio/studio/settings.py';
const keyFile = '/etc/blender-studio/meilisearch.env';

/** Installs the site with a version of Meilisearch, and lets the product make every secret that it can make. */
export function installsWith(version: MeilisearchVersion, extra: AnswersOptions = {}): void {
  describe(`with Meilisearch ${version} and secrets that the product makes`, () => {
    let host: Rehearsal;
    let operator: Operator;
    let proof: Proof;

    beforeAll(async () => {
      // The site's own client is too new for 0.24: that one goes with the site as it was then.
      host = await startRehearsal({ olderClient: version === '0.24.0' });
      await writeAnswers(host, {
        meilisearch: version,
        integrations: 'skipped',
        secrets: 'generate',
        ...extra,
      });
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
      // 0.26.x does not tell: the server does.
      const { master } = await rotated(host);
      const told = await shell(
        host,
        `curl -sS -H 'Authorization: Bearer ${master}' -H 'X-Meili-API-Key: ${master}' http://127.0.0.1:7700/version`,
      );
      expect(told).toContain(`"pkgVersion": "${version}"`);
    });

    test('it starts again by itself, and finds its folders', async () => {
      await shell(host, 'systemctl restart meilisearch && sleep 3 && systemctl is-active meilisearch');
      await proof.search();
      const { stdout } = await host.exec(['journalctl', '--unit=meilisearch', '--output=cat']);
      expect(stdout).not.toMatch(/error: |Permission denied/);
    });

    test('a second run changes and restarts nothing', async () => {
      console.log(version, await operator.runAgain(proof));
    });

    test('the doctor is content', async () => {
      console.log(version, await operator.doctor());
    });

    test('its master key is rotated, and the old keys are refused', async () => {
      const before = await rotated(host);
      const ran = await operator.start('rotate', 'meilisearch-key');
      expectExit(ran, 0);
      console.log(version, `rotate meilisearch-key: ${ran.seconds.toFixed(1)} s`);
      expect((await rotated(host)).master).not.toBe(before.master);
      await wholeSearch(host, version, [before.master, before.public, before.private]);
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
