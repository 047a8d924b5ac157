import { describe, expect, it } from 'vitest';
import { searchAnswers } from '../../src/checks/search.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import type { HttpAnswer } from '../../src/host/host.ts';
import { SETTINGS } from '../../src/site/layout.ts';
import { sections } from '../../steps/index.ts';
import { given } from '../host/given.ts';

const settings =
  "MEILISEARCH_PUBLIC_KEY = 'public-key-of-a-test'\nMEILISEARCH_PRIVATE_KEY = 'private-key-of-a-test'\n";
const LISTED = { status: 200, body: '[{"uid": "studio"}]' };
const DOWN = { status: 0, error: 'connect ECONNREFUSED 127.0.0.1:7700' };

/** @param listed how Meilisearch answers when asked for its indexes @param found how two searches are answered */
function found(listed: Partial<HttpAnswer>, ...searches: readonly Partial<HttpAnswer>[]) {
  const answers = [listed, ...searches];
  const host = given({ files: { [SETTINGS]: settings }, web: () => answers.shift() ?? {} });
  return searchAnswers.run(host, exampleAnswers(sections));
}

describe('the search check takes a cause only from an answer', () => {
  it.each([
    [
      [{ status: 403 }],
      /^Meilisearch refuses the private key of settings\.py \(HTTP 403\)\.$/,
      /run meilisearch/,
    ],
    [
      [DOWN],
      /^Meilisearch can't be asked: .* got no answer \(connect ECONNREFUSED/,
      /^Start the service first/,
    ],
    [[{ status: 500 }], /^Meilisearch does not list its indexes: it returned HTTP 500\.$/, /run meilisearch/],
    [[LISTED, DOWN], /^A search at https:.* got no answer \(connect ECONNREFUSED/, /run meilisearch/],
    [[LISTED, LISTED, DOWN], /^A search with a wrong key got no answer .*; it should be refused/, /./],
    [[LISTED, LISTED, LISTED], /^A search with a wrong key returned HTTP 200: .* open to everybody/, /./],
  ] as const)('%j', async ([listed, ...searches], said, remedy) => {
    expect(await found(listed, ...searches)).toMatchObject({
      ok: false,
      said: expect.stringMatching(said),
      remedy: expect.stringMatching(remedy),
    });
  });

  it('and passes when both keys are answered as they should be', async () => {
    expect(await found(LISTED, LISTED, { status: 403 })).toMatchObject({ ok: true });
  });
});
