import { describe, expect, test } from 'vitest';
import { type AnswerSource, Answers } from '../../src/answers/answers.ts';
import { knownDigest, publishedDigest, wantedDigest } from '../../src/site/meilisearch-digests.ts';

const GIVEN = 'f'.repeat(64);

function answers(
  version: readonly [string, AnswerSource],
  more: Record<string, readonly [string, AnswerSource]>,
) {
  return Object.entries({ 'meilisearch.version': version, ...more }).reduce(
    (all, [id, [value, source]]) => all.with(id, value, source),
    new Answers(),
  );
}

test('published digests are digests, each another', () => {
  const all = ['1.49.0', '1.50.0', '1.51.0'].flatMap((version) =>
    (['x64', 'arm64'] as const).map((machine) => publishedDigest(version, machine)),
  );
  for (const digest of all) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(all).size).toBe(all.length);
  expect(publishedDigest('0.25.2', 'x64')).toBeUndefined();
  expect(publishedDigest('1.50.0', 'riscv64')).toBeUndefined();
});

describe('the digest that a file must have', () => {
  const published = publishedDigest('1.50.0');

  test.each<readonly [string, Answers, string | undefined]>([
    ['the one that was given', answers(['1.50.0', 'file'], { 'meilisearch.sha256': [GIVEN, 'file'] }), GIVEN],
    ['the published one', answers(['1.50.0', 'file'], {}), published],
    [
      'the published one, where nothing else is known',
      answers(['1.50.0', 'asked'], { 'meilisearch.sha256': ['unknown', 'default'] }),
      published,
    ],
    ['none', answers(['0.25.2', 'default'], { 'meilisearch.sha256': ['unknown', 'default'] }), undefined],
    [
      "the host's own, for its own version",
      answers(['0.25.2', 'host'], { 'meilisearch.sha256': [GIVEN, 'host'] }),
      GIVEN,
    ],
    [
      "not the host's own, for another version",
      answers(['0.26.1', 'file'], { 'meilisearch.sha256': [GIVEN, 'host'] }),
      undefined,
    ],
    [
      "not the last run's, for another version",
      answers(['1.50.0', 'file'], { 'meilisearch.sha256': [GIVEN, 'saved'] }),
      published,
    ],
  ])('%s', (_, given, wanted) => {
    expect(knownDigest(given)).toBe(wanted);
  });

  test('is any, once somebody said so by name', () => {
    const trust = (value: string) => answers(['0.25.2', 'default'], { 'meilisearch.trust': [value, 'file'] });
    expect(wantedDigest(trust('first-download'))).toBeUndefined();
    expect(() => wantedDigest(trust('digest'))).toThrow(/No SHA-256 of Meilisearch 0\.25\.2 is known/);
    expect(() => wantedDigest(answers(['0.25.2', 'default'], {}))).toThrow(/Nothing was downloaded/);
  });
});
