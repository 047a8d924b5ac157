import path from 'node:path';
import type { Operation } from '../../../src/engine/operation.ts';
import type { ProcedureKind } from '../../../src/procedures/procedure.ts';
import { proof } from '../../../src/procedures/proof.ts';
import {
  readTransactionRecord,
  removeTransactionRecord,
  writeTransactionRecord,
} from '../../../src/procedures/transaction-record.ts';

/**
 * Changes what the file `value`, or another one, says from `old` to `new`. It is proved unless the folder has a file `no-old` or `no-new`; the new
 * one makes a program run, so that it can be killed or stopped midway.
 */
export function sampleProcedure(folder: string, id: string, value: string): ProcedureKind {
  const at = (name: string) => path.join(folder, name);
  const transactionRecord = at(`${value}.pending`);
  return {
    id,
    transactionRecord,
    title: () => 'New value',
    menu: { title: 'New value', about: 'A sample.' },
    async build({ host }) {
      const kept = (await readTransactionRecord(host, transactionRecord))?.secrets;
      const next = kept?.new ?? 'new-value-of-the-sample';
      const way = (prefix: string, name: 'old' | 'new'): Operation[] => [
        valueFile(`${prefix}/value`, at(value), `${name === 'new' ? next : 'old'}\n`),
        program(`${prefix}/program`, at('program'), at(`${value}-ran-${name}`)),
        proof({
          id: `${prefix}/proof`,
          title: `${name} works`,
          after: [transactionRecord, at(value)],
          wrong: async (host) =>
            (await host.status(at(`no-${name}`))) ? `The ${name} one does not work.` : undefined,
          remedy: `rm no-${name}`,
        }),
        removeTransactionRecord(`${prefix}/forget`, transactionRecord),
      ];
      return {
        id,
        arguments: {},
        notices: ['Everybody will notice.'],
        requirements: [
          proof({
            id: 'value/before',
            title: 'it works',
            after: [],
            wrong: async (host) =>
              (await host.status(at('ill'))) ? 'It does not work as it is.' : undefined,
            remedy: 'rm ill',
          }),
        ],
        forward: [
          writeTransactionRecord('value/keep', transactionRecord, { secrets: { old: 'old', new: next } }),
          ...way('value', 'new'),
        ],
        backward: way('value-back', 'old'),
        done: 'The new one works.',
        undone: 'The old one works again.',
      };
    },
  };
}

const CONSENT = {
  about: 'It goes back by its dump alone. Everything that was written since is lost: 3 rows in 1 table.',
  question: 'Put the database back?',
  given: { 'restore-database': '' },
};

/**
 * Nothing is to be done when the folder has a file `newest`; what was typed is in the notices. With `asks` it takes a word of
 * the operator's to begin; with `dump` the way back succeeds by that word, whatever `no-old` says.
 */
export function sampleUpdate(folder: string): ProcedureKind {
  const kind = sampleProcedure(folder, 'update', 'release');
  return {
    ...kind,
    async build(circumstances, given) {
      const built = await kind.build(circumstances, given);
      const newest = await circumstances.host.status(path.join(folder, 'newest'));
      const notices = [`Typed: ${JSON.stringify(given)}.`];
      const restore = given['restore-database'] !== undefined;
      const dump = (await circumstances.host.status(path.join(folder, 'dump'))) !== undefined;
      const asks = (await circumstances.host.status(path.join(folder, 'asks'))) !== undefined && !restore;
      return {
        ...built,
        ...(asks ? { consent: CONSENT } : {}),
        lastResort: async () => (restore ? undefined : CONSENT),
        backward: built.backward.filter(({ id }) => !(restore && dump) || !id.endsWith('/proof')),
        arguments: given,
        notices,
        done: newest ? 'Already.' : built.done,
        ...(newest ? { forward: [] } : {}),
      };
    },
  };
}

function valueFile(id: string, file: string, content: string): Operation {
  return {
    id,
    title: 'value',
    async observe(host) {
      if ((await host.read(file)) === content) return undefined;
      return {
        kind: 'update',
        summary: file,
        shell: [],
        touches: [file],
        apply: (live) => live.write(file, content, { secret: true }),
      };
    },
  };
}

function program(id: string, file: string, ran: string): Operation {
  return {
    id,
    title: 'program',
    async observe(host) {
      if ((await host.status(ran)) !== undefined) return undefined;
      return {
        kind: 'run',
        summary: 'program',
        shell: [`sh ${file}`],
        async apply(live) {
          await live.run(['sh', file]);
          await live.write(ran, '');
        },
      };
    },
  };
}
