import { describe, expect, test } from 'vitest';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { ProblemError } from '../../src/output/problem.ts';
import { procedures } from '../../src/procedures/index.ts';
import type { ProcedureKind } from '../../src/procedures/procedure.ts';
import { readTransactionRecord } from '../../src/procedures/transaction-record.ts';
import { MEILISEARCH_KEY_FILE, NGINX_SITE, SETTINGS, VENV } from '../../src/site/layout.ts';
import { sections } from '../../steps/index.ts';
import { cuts, SHAPES, wrongShapes } from '../app/shapes.ts';
import { given } from '../host/given.ts';

const answers = exampleAnswers(sections);
const names = (domain: string) => ({ domain, extraNames: ['www.example.org'], formerNames: [] });
const way = {
  from: names('old.example.org'),
  to: names('new.example.org'),
  had: ['old.example.org'],
  covering: [{ name: 'SESSION_COOKIE_DOMAIN', before: '.example.org', after: null }],
};

/** A record as each procedure writes it. */
function recordOf({ id }: ProcedureKind) {
  return id === 'change-domain'
    ? { plain: { way: JSON.stringify(way) } }
    : { secrets: { old: 'the-old-value', new: 'the-new-value', fallbacks: '["before"]' } };
}

function hostWith(kind: ProcedureKind, record: string) {
  return given({
    files: {
      [kind.transactionRecord]: record,
      [SETTINGS]: "SECRET_KEY = 'x'\nALLOWED_HOSTS = ['old.example.org']\n",
      [MEILISEARCH_KEY_FILE]: 'MEILI_MASTER_KEY=0123456789abcdef\n',
      [NGINX_SITE]: 'server { server_name old.example.org; }\n',
      [`${VENV}/bin/python`]: '',
    },
    programs: {
      [`${VENV}/bin/python`]: '\n@@{"version": "3.2.1"}',
      'systemctl show': 'ActiveState=active\n',
    },
  });
}

describe.each(procedures)('$id', (kind) => {
  const whole = JSON.stringify(recordOf(kind));

  test.each([...SHAPES, ...cuts(whole).slice(0, -1)])(
    'a record that tells nothing stops it: %s',
    async (record) => {
      const built = kind.build({ host: hostWith(kind, record), answers }, {});
      await expect(built).rejects.toThrow(
        /shows that a procedure was interrupted, but its record .* can't be read\. Nothing was changed/,
      );
    },
  );

  test('a record of another shape stops it, or is one', async () => {
    const ways =
      kind.id === 'change-domain'
        ? wrongShapes(way).map((each) => ({ plain: { way: JSON.stringify(each) } }))
        : [];
    for (const record of [...wrongShapes(recordOf(kind)), ...ways]) {
      const host = hostWith(kind, JSON.stringify(record));
      const error = await kind.build({ host, answers }, {}).catch((thrown: unknown) => thrown);
      if (error instanceof Error) expect(error, JSON.stringify(record)).toBeInstanceOf(ProblemError);
    }
  });

  test('a whole record is read', async () => {
    expect(await readTransactionRecord(hostWith(kind, whole), kind.transactionRecord)).toMatchObject(
      recordOf(kind),
    );
  });
});
