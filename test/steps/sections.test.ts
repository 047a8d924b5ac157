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

/** @returns all that an operation waits for, on a server with these roles */
function waitsFor(id: string, roles?: readonly string[]): readonly string[] {
  const answers = exampleAnswers(sections);
  const graph = graphOf(sections, roles === undefined ? answers : answers.with('roles', roles, 'file'));
  const needsOf = (each: string) => graph.find(({ operation }) => operation.id === each)?.needs ?? [];
  const all = new Set(needsOf(id));
  for (const each of all) for (const need of needsOf(each)) all.add(need);
  return [...all];
}

test.each([
  ['meilisearch/program', 'its download is a large one'],
  ['meilisearch/keys', 'Django, which is loaded with them, need not be loaded again'],
])('%s waits for neither nginx nor PostgreSQL: %s', (id) => {
  expect(waitsFor(id)).toContain('requirements/virtualenv');
  expect(waitsFor(id).filter((each) => /^requirements\/services$|^database\//.test(each))).toEqual([]);
});

test.each([
  { server: 'one server', roles: undefined },
  { server: 'one for the search', roles: ['search'] },
  { server: 'one for search and database', roles: ['search', 'database'] },
])(
  'no Meilisearch is installed over that of another application, and no unit before its program: $server',
  ({ roles }) => {
    expect(waitsFor('meilisearch/program', roles)).toContain('requirements/meilisearch');
    expect(waitsFor('meilisearch/unit', roles)).toContain('meilisearch/program');
  },
);

test('a server for the search alone is reached by its tunnel before that is installed', () => {
  expect(waitsFor('meilisearch/program', ['search'])).toContain('requirements/servers');
});
