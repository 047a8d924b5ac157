import { describe, expect, test } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { applies } from '../../src/answers/applies.ts';
import { accept } from '../../src/answers/values.ts';
import { collect } from '../../src/app/collect.ts';
import { nextSteps } from '../../src/app/next-steps.ts';
import { checksOf, renewalChecks } from '../../src/checks/index.ts';
import { operationsOf } from '../../src/document/operations.ts';
import { exampleAnswers, exampleValue } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import { ROLES, type Role } from '../../src/site/roles.ts';
import { tunnelConfig, tunnelsOf } from '../../src/site/tunnel.ts';
import { sections } from '../../steps/index.ts';

const answersOf = (roles: readonly Role[], more: Readonly<Record<string, string | readonly string[]>> = {}) =>
  Object.entries(more).reduce(
    (answers, [id, value]) => answers.with(id, value, 'file'),
    exampleAnswers(sections).with('roles', roles, 'file'),
  );

/** Every way in which a server can have a part of the site. */
const kinds = Array.from({ length: 2 ** ROLES.length }, (_, bits) =>
  ROLES.filter((_role, index) => (bits & (2 ** index)) !== 0),
).flatMap((roles) => [[], ['10.0.0.4']].map((balancers) => ({ roles, balancers })));

/** An answer to each question that is asked, and to no other. */
const answeredBy = ({ roles, balancers }: (typeof kinds)[number]) => {
  let answers = new Answers();
  for (const question of sections.flatMap(({ questions }) => questions)) {
    if (!applies(question, answers)) continue;
    const own = { roles, 'load-balancers': balancers }[question.id];
    const value = own ?? exampleValue(question, answers);
    if (value !== undefined) answers = answers.with(question.id, value, 'file');
  }
  return answers;
};

const sectionsWith = (answers: Answers) => [
  ...new Set(graphOf(sections, answers).map(({ section }) => section.id)),
];

test.each(kinds)(
  'with roles $roles and load balancers $balancers, what is asked is all that is needed, in an order',
  (kind) => {
    expect(graphOf(sections, answeredBy(kind)).length).toBeGreaterThan(5);
  },
);

test.each(kinds)(
  'with roles $roles and load balancers $balancers, its doctor asks for nothing that it was not asked itself',
  (kind) => {
    const answers = answeredBy(kind);
    const used = [...checksOf(sections), ...renewalChecks].flatMap((check) =>
      // The check of the next boot makes do without.
      check.id !== 'reboot' && (check.applies?.(answers) ?? true) ? (check.answers ?? []) : [],
    );
    expect(used.filter((id) => !answers.has(id))).toEqual([]);
  },
);

test('whatever is waited for exists on some server', () => {
  const all = operationsOf(sections);
  const known = [...sections.map(({ id }) => id), ...all.map(({ operation }) => operation.id)];
  const waitedFor = [
    ...sections.flatMap(({ needs }) => needs),
    ...all.flatMap(({ operation }) => operation.after ?? []),
  ];
  expect(waitedFor.filter((id) => !known.includes(id))).toEqual([]);
});

describe('what a server does by its roles', () => {
  const everything = sections.map(({ id }) => id).filter((id) => id !== 'verify');
  test.each<[readonly Role[], readonly string[]]>([
    [[], everything],
    [['database', 'search', 'background', 'web'], everything],
    [['database'], ['requirements', 'database']],
    [['search'], ['requirements', 'meilisearch']],
    [
      ['database', 'search'],
      ['requirements', 'database', 'meilisearch'],
    ],
    [['web'], everything],
    [
      ['background'],
      everything.filter((id) => !['uwsgi', 'nginx', 'certificate', 'start-nginx'].includes(id)),
    ],
  ])('%j', (roles, wanted) => {
    expect(sectionsWith(answersOf(roles)).toSorted()).toEqual(wanted.toSorted());
  });

  test('behind load balancers it asks for no certificate, and installs no certbot', () => {
    const answers = answersOf(['web'], { 'load-balancers': ['10.0.0.4'] });
    expect(sectionsWith(answers)).not.toContain('certificate');
    const packages = graphOf(sections, answers).flatMap(({ operation }) => operation.packages?.names ?? []);
    expect(packages).toContain('nginx');
    expect(packages.filter((name) => /certbot|^postgresql$/.test(name))).toEqual([]);
  });

  test('what waits for something elsewhere waits for what that would have waited for', () => {
    const needs = (roles: readonly Role[], id: string) =>
      graphOf(sections, answersOf(roles)).find(({ operation }) => operation.id === id)?.needs ?? new Set();
    expect(needs([], 'meilisearch/keys')).toContain('meilisearch/service');
    const elsewhere = needs(['web'], 'meilisearch/keys');
    expect(elsewhere).not.toContain('meilisearch/service');
    expect(elsewhere).toContain('requirements/tunnel');
  });

  test('background tasks run on one server: on another they are stopped', () => {
    const title = (roles: readonly Role[]) =>
      graphOf(sections, answersOf(roles)).find(({ operation }) => operation.id === 'background-tasks/service')
        ?.operation.title;
    expect(title(['background'])).toBe('studio-background.service enabled and running');
    expect(title(['web'])).toBe('stop studio-background.service');
  });
});

test.each<[readonly Role[], readonly string[]]>([
  [['database'], ['database-server']],
  [['search'], ['service-meilisearch']],
  [['web'], ['backup', 'https-answers', 'service-studio', 'service-nginx', 'search', 'database']],
  [
    ['background'],
    ['backup', 'service-studio-background', 'background-queue', 'timer-studio-stats', 'search'],
  ],
])('the doctor of %j looks at what it has, and at nothing else', (roles, wanted) => {
  const answers = answersOf(roles);
  const made = checksOf(sections).flatMap(({ id, applies: isMade }) =>
    (isMade?.(answers) ?? true) ? [id] : [],
  );
  expect(made).toEqual(expect.arrayContaining([...wanted, 'service-studio-tunnel']));
  const others = [
    'service-meilisearch',
    'service-studio',
    'service-nginx',
    'timer-studio-stats',
    'database-server',
    'backup',
  ];
  expect(made.filter((id) => others.includes(id))).toEqual(
    others.filter((id) => wanted.includes(id) && made.includes(id)),
  );
});

describe('answers', () => {
  const question = (id: string) => {
    const found = sections.flatMap(({ questions }) => questions).find((each) => each.id === id);
    if (found === undefined) throw new Error(`no question ${id}`);
    return found;
  };

  test.each([
    ['roles', 'web database', true],
    ['roles', 'web mail', false],
    ['load-balancers', '10.0.0.4 10.1.0.0/16 2001:db8::1 2001:db8::/64', true],
    ['load-balancers', '10.0.0.4/33', false],
    ['load-balancers', '10.0.0.4; deny all', false],
    ['load-balancers', 'balancer.example.org', false],
    ['servers.search', 'search.internal', true],
    ['servers.search', '2001:db8::4', true],
    ['servers.search', '10.0.0.3:7700', false],
    ['servers.database', 'a b', false],
    ['tunnel.listen', '10.0.0.2', true],
    ['tunnel.listen', 'eth0', false],
    ['tunnel.key', 'short', false],
    ['tunnel.key', `${'a'.repeat(31)}\n:b`, false],
    ['tunnel.key', 'a'.repeat(64), true],
  ])('%s: %s', (id, value, taken) => {
    expect('value' in accept(question(id), value)).toBe(taken);
  });

  test('on one server none of it is asked', () => {
    const answers = exampleAnswers(sections);
    for (const id of ['servers.database', 'servers.search', 'tunnel.key', 'tunnel.listen'])
      expect(applies(question(id), answers), id).toBe(false);
  });

  test('a site on several servers shares its secrets: none is generated, each is named as missing', async () => {
    const none = new Map();
    const ofOne = await collect(sections, { file: none, host: none, saved: none });
    const file = new Map([['roles', { kind: 'value', value: ['web'] }]] as const);
    const ofSeveral = await collect(sections, { file, host: none, saved: none });
    const secrets = [
      'secret-key',
      'database.password',
      'meilisearch.master-key',
      'blender-id.webhook-secret',
    ];
    expect(secrets.map((id) => ofOne.answers.sourceOf(id))).toEqual(secrets.map(() => 'generated'));
    expect(ofSeveral.missing.map(({ id }) => id)).toEqual(
      expect.arrayContaining([...secrets, 'tunnel.key', 'servers.search']),
    );
  });

  test('nor where the file says "generate"', async () => {
    const none = new Map();
    const file = new Map([
      ['roles', { kind: 'value', value: ['web'] }],
      ['secret-key', { kind: 'generate' }],
    ] as const);
    const { missing } = await collect(sections, { file, host: none, saved: none });
    expect(missing.map(({ id }) => id)).toContain('secret-key');
  });
});

test.each<[readonly Role[], readonly string[], readonly string[]]>([
  [[], [], ['ports 80 and 443 to everybody']],
  [['database'], [], ['port 7702 (database) to the servers with the site']],
  [['search'], [], ['port 7701 (search) to the servers with the site']],
  [['background'], [], []],
  [['web'], [], ['ports 80 and 443 to everybody']],
  [['web'], ['10.0.0.4', '10.1.0.0/16'], ['port 80 to the load balancers (10.0.0.4, 10.1.0.0/16)']],
  [
    ['web', 'search'],
    ['10.0.0.4'],
    ['port 80 to the load balancers (10.0.0.4)', 'port 7701 (search) to the servers with the site'],
  ],
])('with roles %j and load balancers %j, the firewall opens what is needed', (roles, balancers, wanted) => {
  const steps = nextSteps(sections, answeredBy({ roles: [...roles], balancers: [...balancers] }));
  const said = steps.flatMap(
    ({ text }) => /^Firewall, .*: open (.*?)(?:\. Each|, and to nobody)/.exec(text)?.[1] ?? [],
  );
  expect(said).toEqual(wanted);
});

describe('tunnels', () => {
  test.each<[readonly Role[], Readonly<Record<string, string>>, readonly string[]]>([
    [
      ['web'],
      { 'servers.search': 'search.internal', 'servers.database': '10.0.0.2' },
      ['database → 10.0.0.2', 'search → search.internal'],
    ],
    [['web', 'search'], { 'servers.database': '10.0.0.2' }, ['database → 10.0.0.2', 'search ends here']],
    [['database'], {}, ['database ends here']],
    // A database server of somebody else's is reached as it always was.
    [['web', 'search'], { 'database.host': 'db.example.net' }, ['search ends here']],
    [['search', 'database', 'web'], { 'database.host': 'db.example.net' }, ['search ends here']],
  ])('%j with %j', (roles, more, wanted) => {
    const plain = [...Object.entries({ 'database.host': 'localhost', ...more })];
    const without = new Answers().with('roles', roles, 'file');
    const answers = plain.reduce((all, [id, value]) => all.with(id, value, 'file'), without);
    expect(tunnelsOf(answers)).toEqual([]);
    const key = exampleAnswers(sections).get('tunnel.key');
    if (key === undefined) throw new Error('no key');
    expect(
      tunnelsOf(answers.with('tunnel.key', key, 'file')).map(
        ({ name, server }) => `${name} ${server === undefined ? 'ends here' : `→ ${server}`}`,
      ),
    ).toEqual(wanted);
  });

  test('both ends take nothing but the key: no certificate stands in for it', () => {
    const config = tunnelConfig(
      [{ name: 'search', inside: 7700, between: 7701, server: '10.0.0.3' }],
      '0.0.0.0',
    );
    expect(config).toMatch(/^sslVersion = TLSv1\.2$/m);
    expect(config).toMatch(/^ciphers = ECDHE-PSK-CHACHA20-POLY1305$/m);
    expect(config).toMatch(/^accept = 127\.0\.0\.1:7700$/m);
  });
});
