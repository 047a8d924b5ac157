import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/engine/events.ts';
import type { Node } from '../../src/engine/graph.ts';
import type { Operation } from '../../src/engine/operation.ts';
import { plan } from '../../src/engine/plan.ts';
import { run } from '../../src/engine/run.ts';
import { Accounts } from '../../src/host/accounts.ts';
import type { Host } from '../../src/host/host.ts';
import { Journal } from '../../src/host/journal.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { LinuxLiveHost } from '../../src/host/live-host.ts';
import { ProblemError } from '../../src/output/problem.ts';
import { program, textFile } from '../commands/sample/text-file.ts';
import { node } from './nodes.ts';

let folder: string;
let controller: AbortController;
let stopping: boolean;
let events: EngineEvent[];
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-run-'));
  controller = new AbortController();
  stopping = false;
  events = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function host(overwrite: readonly string[] = []) {
  const options = {
    accounts: new Accounts(),
    ledger: new Ledger(at('state')),
    overwrite: new Set(overwrite),
  };
  return { options, shared: new LinuxHost({ ...options, signal: controller.signal }) };
}

function executeRun(nodes: readonly Node[], overwrite: readonly string[] = []) {
  const { options, shared } = host(overwrite);
  const live = {
    ...options,
    journal: new Journal(at('run'), at('copies')),
    emit,
    signal: controller.signal,
    run: '0001',
  };
  return run(nodes, {
    host: shared,
    live: (id) => new LinuxLiveHost(live, id, shared, new Map()),
    emit,
    signal: controller.signal,
    stopping: () => stopping,
    concurrency: 2,
  });
  function emit(event: EngineEvent): void {
    events.push(event);
  }
}

const file = (name: string, content: string): Operation =>
  textFile({ id: `site/${name}`, path: at(name), content });

describe('run', () => {
  it('changes what is missing, leaves the rest, and finds nothing the second time', async () => {
    await writeFile(at('b'), 'b\n');
    const nodes = [node(file('a', 'a\n')), node(file('b', 'b\n'), ['site/a'])];
    const first = await executeRun(nodes);
    expect([...first.outcomes]).toEqual([
      ['site/a', 'changed'],
      ['site/b', 'unchanged'],
    ]);
    expect(await readFile(at('a'), 'utf8')).toBe('a\n');
    const second = await executeRun(nodes);
    expect([...second.outcomes.values()]).toEqual(['unchanged', 'unchanged']);
    expect(second.changes).toEqual([]);
  });

  it('an exit code of 0 is no proof: what is still missing afterwards has failed', async () => {
    const useless = program('site/useless', at('never'), ['true']);
    const noEffect: Operation = {
      ...useless,
      async observe(read) {
        const change = await useless.observe(read);
        return change && 'apply' in change
          ? { ...change, apply: async (live) => void (await live.run(['true'])) }
          : change;
      },
    };
    const report = await executeRun([node(noEffect)]);
    expect(report.problems.get('site/useless')?.what).toContain('had no effect');
  });

  it('a file whose text changes with what another operation provides meanwhile is written again', async () => {
    const depends: Operation = {
      ...file('a', ''),
      async observe(read) {
        const change = await file('a', (await read.read(at('basis'))) ?? 'none\n').observe(read);
        return change && 'apply' in change
          ? {
              ...change,
              apply: async (live) => {
                await change.apply(live);
                await live.run(['/bin/sh', '-c', `until [ -s ${at('basis')} ]; do sleep 0.02; done`]);
              },
            }
          : change;
      },
    };
    const brings = program('site/basis', at('basis'), ['sleep', '0.1']);
    const report = await executeRun([node(depends), node(brings)]);
    expect(Object.fromEntries(report.outcomes)).toEqual({ 'site/a': 'changed', 'site/basis': 'changed' });
    expect(await readFile(at('a'), 'utf8')).toBe('done\n');
  });

  it('a file whose text changes every time is written twice at most', async () => {
    let times = 0;
    const changes: Operation = {
      ...file('a', ''),
      observe: async () => ({
        kind: 'update',
        summary: 'a',
        diff: `+${times}`,
        shell: [],
        apply: async () => void times++,
      }),
    };
    const report = await executeRun([node(changes)]);
    expect(report.problems.get('site/a')?.what).toContain('had no effect');
    expect(times).toBe(2);
  });

  describe('what can be used before its change is done', () => {
    const order = () =>
      events.flatMap((event) =>
        event.type === 'operation-started' || event.type === 'operation-finished'
          ? [`${event.type === 'operation-started' ? '' : 'end of '}${event.operation.slice('site/'.length)}`]
          : [],
      );
    /** Gives an answer, and ends when that was used, at most after some seconds. */
    const slow = (usable: (reads: Host) => Promise<boolean>, seconds: number): Operation => {
      const used = `for each in $(seq ${seconds * 10}); do [ -e ${at('used')} ] && break; sleep 0.1; done`;
      const whole = program('site/slow', at('done'), ['/bin/sh', '-c', `: > ${at('answers')}; ${used}`]);
      return {
        ...whole,
        async observe(reads) {
          const change = await whole.observe(reads);
          return change && 'apply' in change ? { ...change, usable } : change;
        },
      };
    };

    it('lets what needs it begin, which sees the host as it is then', async () => {
      const asked: boolean[] = [];
      const needs: Operation = {
        id: 'site/needs',
        title: 'needs',
        async observe(reads) {
          asked.push((await reads.once('answers', () => reads.status(at('answers')))) !== undefined);
          if (asked.at(-1)) await writeFile(at('used'), '');
          return undefined;
        },
      };
      const nodes = [
        node({ ...needs, id: 'site/before' }),
        node(
          slow(async (reads) => (await reads.status(at('answers'))) !== undefined, 20),
          ['site/before'],
        ),
        node(needs, ['site/slow']),
      ];
      expect(Object.fromEntries((await executeRun(nodes)).outcomes)).toEqual({
        'site/before': 'unchanged',
        'site/slow': 'changed',
        'site/needs': 'unchanged',
      });
      expect(order().slice(-3)).toEqual(['needs', 'end of needs', 'end of slow']);
      expect(asked).toEqual([false, true]);
    });

    it('that could not be asked is not usable, and does not fail', async () => {
      const nodes = [
        node(slow(() => Promise.reject(new Error('no answer')), 1)),
        node(file('a', 'a\n'), ['site/slow']),
      ];
      expect([...(await executeRun(nodes)).outcomes.values()]).toEqual(['changed', 'changed']);
      expect(order()).toEqual(['slow', 'end of slow', 'a', 'end of a']);
    });
  });

  it('after a failure what needs it is not started, and what runs beside it ends', async () => {
    const report = await executeRun([
      node(program('site/fails', at('x'), ['/bin/sh', '-c', 'sleep 0.1; exit 3'])),
      node(program('site/beside', at('y'), ['sleep', '0.3'])),
      node(file('after', 'x'), ['site/fails']),
    ]);
    expect(Object.fromEntries(report.outcomes)).toEqual({
      'site/fails': 'failed',
      'site/beside': 'changed',
      'site/after': 'skipped',
    });
    expect(report.problems.get('site/fails')).toMatchObject({ exitCode: 3 });
  });

  it("a file edited by hand stops it; with the operator's word it is replaced and the journal keeps the old one", async () => {
    await executeRun([node(file('a', 'one\n'))]);
    await writeFile(at('a'), 'by hand\n');
    const stopped = await executeRun([node(file('a', 'two\n'))]);
    expect(stopped.conflict).toBe(true);
    expect(await readFile(at('a'), 'utf8')).toBe('by hand\n');
    expect(stopped.problems.get('site/a')?.detail).toContain('-by hand');
    await executeRun([node(file('a', 'two\n'))], [at('a')]);
    expect(await readFile(at('a'), 'utf8')).toBe('two\n');
    expect(await readFile(at('copies/00002'), 'utf8')).toBe('by hand\n');
  });

  it('files that wait for a word are no failure, as many as there are; with one, they are', async () => {
    for (const name of ['a', 'b']) await writeFile(at(name), 'by hand\n');
    const both = [node(file('a', 'two\n')), node(file('b', 'two\n'))];
    expect(await executeRun(both)).toMatchObject({ conflict: true, onlyConflicts: true });
    const fails = node(program('site/fails', at('x'), ['false']));
    expect(await executeRun([...both.slice(1), fails])).toMatchObject({
      conflict: true,
      onlyConflicts: false,
    });
    expect(await executeRun([fails])).toMatchObject({ conflict: false, onlyConflicts: false });
  });

  it('asked to stop, it lets what runs end and starts nothing more', async () => {
    const stopNow: Operation = {
      ...program('site/first', at('x'), ['sleep', '0.2']),
    };
    setTimeout(() => {
      stopping = true;
    }, 50);
    const report = await executeRun([node(stopNow), node(file('later', 'x'), ['site/first'])]);
    expect(Object.fromEntries(report.outcomes)).toEqual({ 'site/first': 'changed', 'site/later': 'skipped' });
    expect(report.stopped).toBe(true);
  });

  it('stopped at once, what was ended did not fail', async () => {
    setTimeout(() => controller.abort(), 100);
    const report = await executeRun([node(program('site/long', at('x'), ['sleep', '30']))]);
    expect(report.outcomes.get('site/long')).toBe('skipped');
    expect(report.problems.size).toBe(0);
    expect(report.stopped).toBe(true);
  });

  it('tells each step in the events, in order', async () => {
    await executeRun([node(program('site/work', at('x'), ['echo', 'hello']))]);
    expect(events.map(({ type }) => type)).toEqual([
      'operation-started',
      'change',
      'command',
      'output',
      'operation-finished',
    ]);
  });
});

describe('plan', () => {
  it('observes all, collects problems, and writes nothing', async () => {
    const refuses: Operation = {
      id: 'site/refuses',
      title: 'refuses',
      async observe() {
        throw new ProblemError({ what: 'no room', remedy: 'make room' });
      },
    };
    const { shared } = host();
    const planned = await plan([node(refuses), node(file('a', 'a'), ['site/refuses'])], shared);
    expect(planned[0]?.problem).toEqual({ what: 'no room', remedy: 'make room' });
    expect(planned[1]?.observation).toMatchObject({ kind: 'create', summary: at('a') });
    await expect(readFile(at('a'))).rejects.toThrow('ENOENT');
    await expect(readFile(at('state/ledger.json'))).rejects.toThrow('ENOENT');
  });

  it('a later operation sees what an earlier one will write, and only in the plan', async () => {
    const unit = textFile({ id: 'site/unit', path: at('unit'), content: 'x', needsPath: at('a') });
    const { shared } = host();
    const planned = await plan([node(file('a', 'a')), node(unit, ['site/a'])], shared);
    expect(planned[1]?.observation).toMatchObject({ later: 'after a' });
    expect(shared.willChange(at('a'))).toBe(false);
  });
});
