import { expect, test } from 'vitest';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf, selectNodes } from '../../src/engine/graph.ts';
import { Accounts } from '../../src/host/accounts.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { sections } from '../../steps/index.ts';

test('no two sections need each other: `run SECTION` names what to run first, and that must come to an end', () => {
  const graph = graphOf(sections, exampleAnswers(sections));
  const needs = new Map(
    sections.map(({ id }) => [id, new Set(selectNodes(graph, [id]).needed.map(({ section }) => section.id))]),
  );
  const mutual = sections.flatMap(({ id }) =>
    [...(needs.get(id) ?? [])]
      .filter((other) => other !== id && needs.get(other)?.has(id))
      .map((other) => `${id} ⇄ ${other}`),
  );
  expect(mutual).toEqual([]);
});

test('a made-up domain is not looked up, and not shown: whoever has not typed one yet would read of a stranger', async () => {
  const names = graphOf(sections, exampleAnswers(sections)).find(
    ({ operation }) => operation.id === 'requirements/names',
  );
  expect(names?.operation.title).toBe('the domain in DNS');
  const host = new LinuxHost({ accounts: new Accounts(), ledger: new Ledger('/nonexistent/ledger.json') });
  expect(await names?.operation.observe(host)).toMatchObject({ later: 'needs the domain' });
});

test('a domain that was typed is', async () => {
  const answers = exampleAnswers(sections).with('domain', 'no-such-name.invalid', 'asked');
  const names = graphOf(sections, answers).find(({ operation }) => operation.id === 'requirements/names');
  expect(names?.operation.title).toBe('no-such-name.invalid in DNS');
});

test('the link to the site, which makes nginx read its TLS files, waits for them: a restored server has a certificate by then', () => {
  const link = graphOf(sections, exampleAnswers(sections)).find(
    ({ operation }) => operation.id === 'nginx/link',
  );
  expect([...(link?.needs ?? [])]).toEqual(expect.arrayContaining(['nginx/tls-options', 'nginx/dhparams']));
});

test.each([
  ['meilisearch/program', 'a download of its own, beside those of apt'],
  ['meilisearch/keys', 'the last edit of settings.py, after which Django is loaded'],
  [
    'configuration-files/nginx_studio.common.conf',
    'which asks Django, and gets no answer from half of its packages',
  ],
])('%s waits for neither nginx nor PostgreSQL: %s', (id) => {
  const graph = graphOf(sections, exampleAnswers(sections));
  const needsOf = (each: string): readonly string[] => [
    ...(graph.find(({ operation }) => operation.id === each)?.needs ?? []),
  ];
  const all = new Set(needsOf(id));
  for (const each of all) for (const need of needsOf(each)) all.add(need);
  expect([...all]).toContain('requirements/virtualenv');
  expect([...all].filter((each) => /^requirements\/services$|^database\//.test(each))).toEqual([]);
});
