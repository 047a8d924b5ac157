import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/output/secret.ts';
import { dataFits, masterKeyFits, siteFits } from '../../src/requirements/meilisearch.ts';
import { hostWith } from '../site/meilisearch-host.ts';

const DATA = '/var/www/data.ms';

describe('the data folder', () => {
  test.each<readonly [string, Record<string, string>, string, RegExp | undefined]>([
    ['not there', {}, '1.50.0', undefined],
    ['of this version', { [`${DATA}/VERSION`]: '1.50.0' }, '1.50.0', undefined],
    ['of 0.24, under it', { [`${DATA}/data.mdb`]: '' }, '0.24.0', undefined],
    [
      'of 0.24, under another',
      { [`${DATA}/data.mdb`]: '' },
      '0.25.2',
      /written by Meilisearch 0\.24 or earlier/,
    ],
    [
      'of another version',
      { [`${DATA}/VERSION`]: '0.25.2\n' },
      '0.26.1',
      /written by Meilisearch 0\.25\.2; 0\.26\.1 does not open it/,
    ],
    [
      'of another patch of 1.14',
      { [`${DATA}/VERSION`]: '1.14.1' },
      '1.14.0',
      /written by Meilisearch 1\.14\.1/,
    ],
    ['of something else', { [`${DATA}/VERSION`]: 'PG 15' }, '1.14.0', /does not name a version/],
  ])('%s', async (_, files, version, wrong) => {
    const judged = dataFits(hostWith({ files }), version);
    if (wrong === undefined) await expect(judged).resolves.toBeUndefined();
    else await expect(judged).rejects.toThrow(wrong);
  });

  test('is told with what to do', async () => {
    const host = hostWith({ files: { [`${DATA}/VERSION`]: '0.25.2' } });
    await expect(dataFits(host, '1.50.0')).rejects.toMatchObject({
      problem: { remedy: expect.stringMatching(/meilisearch\.version: 0\.25\.2.*mv \/var\/www\/data\.ms/) },
    });
  });
});

test.each([
  ['1.0.0', 'fifteen-bytes-k', true],
  ['1.0.0', 'sixteen-bytes-ke', false],
  ['0.30.5', 'short', false],
] as const)('%s and a master key of that length', (version, key, wrong) => {
  const judge = () => masterKeyFits(new Secret(key), version);
  if (wrong) expect(judge).toThrow(/has 15 bytes; version 1\.0\.0 needs at least 16/);
  else expect(judge).not.toThrow();
});

describe('whether the site speaks to it', () => {
  const CHECKOUT = '/var/www/blender-studio';
  const lock = (client: string) => ({
    [`${CHECKOUT}/.git/HEAD`]: '',
    [`${CHECKOUT}/poetry.lock`]: `[[package]]\nname = "meilisearch"\nversion = "${client}"\n`,
  });
  const judge = (files: Record<string, string>, version: string) => {
    const host = hostWith({ files });
    return { host, seen: siteFits({ id: 'meilisearch/client', version, after: [] }).observe(host) };
  };

  test('can not be told before the checkout', async () => {
    expect(await judge({}, '0.25.2').seen).toBeUndefined();
  });

  test('it does', async () => {
    const { host, seen } = judge(lock('0.18.3'), '0.25.2');
    expect([await seen, host.warnings]).toEqual([undefined, []]);
  });

  test('it may not: a warning', async () => {
    const { host, seen } = judge(lock('0.18.3'), '1.50.0');
    expect(await seen).toBeUndefined();
    expect(host.warnings).toEqual([
      expect.stringMatching(/client for Meilisearch is 0\.18\.3.*1\.50\.0 may not work/),
    ]);
  });

  test('it does not: nothing is downloaded', async () => {
    await expect(judge(lock('0.18.3'), '0.24.0').seen).rejects.toThrow(/does not work with 0\.24\.0/i);
    await expect(judge(lock('0.17.0'), '0.25.2').seen).rejects.toThrow(/X-Meili-API-Key/);
  });

  test('a lock that does not say: a warning', async () => {
    const { host, seen } = judge({ [`${CHECKOUT}/.git/HEAD`]: '' }, '0.25.2');
    expect(await seen).toBeUndefined();
    expect(host.warnings).toEqual([expect.stringMatching(/is unknown/)]);
  });
});
