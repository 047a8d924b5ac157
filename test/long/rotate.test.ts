import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killAt, type Point } from '../install/interruptions.ts';
import { must, setUp, shell } from '../install/operator.ts';
import { keyFile, rotated, wholeSearch } from '../install/rotation.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import type { MeilisearchVersion } from '../rehearsal/meilisearch/release.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const versions: readonly MeilisearchVersion[] = ['0.24.0', '0.25.2', '0.30.5', '1.50.0'];

/** Everything that the rotation does, in its order. */
const operations = ['keep', 'master-key', 'service', 'keys', 'studio', 'background', 'proof', 'forget'];
const moments = operations.flatMap((name): readonly Point[] => {
  const operation = `meilisearch-key/${name}`;
  const end = { operation, output: 'end' as const, within: 0 };
  // What proves changes nothing, so it has no other moment.
  return name === 'proof' ? [end] : [{ operation, within: 300 }, end];
});
/** How the operator starts again: what was begun is finished by whatever changes the host next. */
const starts = [['rotate', 'meilisearch-key'], ['run']] as const;

describe.each(versions)('rotate meilisearch-key with Meilisearch %s', (version) => {
  let host: Rehearsal;
  let operator: Operator;

  beforeAll(async () => {
    host = await startRehearsal({ report: () => {}, olderClient: version === '0.24.0' });
    await writeAnswers(host, { meilisearch: version, integrations: 'skipped', secrets: 'generate' });
    await installProduct(host, () => {});
    operator = new Operator(host);
    await operator.run();
    await host.checkpoint('installed');
  });
  afterAll(() => host?.stop());

  test('nothing happens: the new one works in full, the old keys are refused, a run changes nothing', async () => {
    const before = await rotated(host);
    const { code, stdout } = await operator.start('rotate', 'meilisearch-key');
    expect(code, stdout).toBe(0);
    expect((await rotated(host)).master).not.toBe(before.master);
    await wholeSearch(host, version, [before.master, before.public, before.private]);
    await operator.runAgain(new Proof(host, 'studio.example.org', version));
  });

  test.each(
    moments.map((moment, index) => ({
      moment,
      start: starts[index % 2] ?? starts[0],
      at: moment.output === 'end' ? 'end' : 'change',
    })),
  )(
    'killed at $moment.operation, $at, then $start: the old or the new one works in full',
    async ({ moment, start }) => {
      await host.restore('installed');
      const before = await rotated(host);
      const killed = await killAt(host, [moment], ['rotate', 'meilisearch-key']);
      expect(killed.point, killed.said).toBe(moment);
      const again = await host.exec(['studio-setup', ...start, '--answers', answersFile, '--yes']);
      expect(again.code, `${again.stdout}\n${again.stderr}`).toBe(0);
      const after = await rotated(host);
      const dead = after.master === before.master ? [] : [before.master, before.public, before.private];
      await wholeSearch(host, version, dead);
      // The last operation ended before the kill: the same command makes yet another one; all else is as it was left.
      const { stdout } = await setUp(host);
      expect(stdout).toMatch(/0 changes, 0 restarts/);
    },
  );
});

describe('with the key in the unit, as the document has it', () => {
  const unit = '/etc/systemd/system/meilisearch.service';
  let host: Rehearsal;

  beforeAll(async () => {
    host = await startRehearsal({ report: () => {} });
    await writeAnswers(host, { integrations: 'skipped', secrets: 'generate' });
    await installProduct(host, () => {});
    await new Operator(host).run();
    // As somebody has it who set up the site by hand.
    await shell(
      host,
      `key=$(sed -n 's/^MEILI_MASTER_KEY=//p' ${keyFile})
       sed -i "s|^EnvironmentFile=.*|Environment=MEILI_MASTER_KEY=$key|" ${unit}
       rm -r ${keyFile} /var/lib/studio-setup
       systemctl daemon-reload; systemctl restart meilisearch`,
    );
    await host.checkpoint('by hand');
  });
  afterAll(() => host?.stop());

  test('it stays in the unit', async () => {
    const before = await rotated(host);
    await must(host, ['studio-setup', 'rotate', 'meilisearch-key', '--answers', answersFile, '--yes']);
    const after = await rotated(host);
    expect(after.master).not.toBe(before.master);
    await shell(host, `grep -q Environment=MEILI_MASTER_KEY= ${unit}; test ! -e ${keyFile}`);
    await wholeSearch(host, '0.25.2', [before.master, before.public, before.private]);
  });

  test.each(['master-key', 'service', 'keys'])(
    'killed after %s: finished by the next start',
    async (name) => {
      await host.restore('by hand');
      const before = await rotated(host);
      const point = { operation: `meilisearch-key/${name}`, output: 'end', within: 0 } as const;
      const killed = await killAt(host, [point], ['rotate', 'meilisearch-key']);
      expect(killed.point, killed.said).toBe(point);
      await must(host, ['studio-setup', 'rotate', 'meilisearch-key', '--answers', answersFile, '--yes']);
      expect((await rotated(host)).master).not.toBe(before.master);
      await wholeSearch(host, '0.25.2', [before.master, before.public, before.private]);
    },
  );
});
