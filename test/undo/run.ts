import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Answers } from '../../src/answers/answers.ts';
import type { About } from '../../src/app/execute-run.ts';
import { graphOf } from '../../src/engine/graph.ts';
import { plan } from '../../src/engine/plan.ts';
import { type RunReport, run } from '../../src/engine/run.ts';
import { Accounts } from '../../src/host/accounts.ts';
import { dropCopies } from '../../src/host/copies.ts';
import type { LiveHost } from '../../src/host/host.ts';
import { Journal } from '../../src/host/journal.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { LinuxLiveHost } from '../../src/host/live-host.ts';
import { undoConflictsOf } from '../../src/undo/conflicts.ts';
import { historiesOf } from '../../src/undo/histories.ts';
import { irreversibleOf } from '../../src/undo/irreversible.ts';
import { readRuns } from '../../src/undo/runs.ts';
import { undoSections } from '../../src/undo/sections.ts';
import { targetOf } from '../../src/undo/target.ts';

/** Runs and undos of them on files of this machine, in a folder of their own, by the engine itself. */
export class Runs {
  readonly folder: string;
  readonly ledger: Ledger;
  #last = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.ledger = new Ledger(this.at('state'));
  }

  static async make(): Promise<Runs> {
    return new Runs(await mkdtemp(path.join(tmpdir(), 'studio-setup-undo-')));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  /** What stands in the folder but for the product's own. */
  async files(): Promise<readonly string[]> {
    const names = await readdir(this.folder, { recursive: true });
    return names.filter((name) => !/^(state|copies)(\/|$)/.test(name)).sort();
  }

  /** A run that does `work`. */
  async run(work: (live: LiveHost) => Promise<void>, about: Partial<About> = {}): Promise<void> {
    const { journal, live } = this.#begin({ command: 'run', ...about });
    journal.note('sample/work', { kind: 'change', title: 'work', summary: 'work' });
    await work(live('sample/work'));
    journal.note('', { kind: 'end', failed: 0, skipped: 0 });
  }

  /** @param cut ends the undo, as a kill would, before the operation with this id */
  async undo(
    options: { readonly run?: string; readonly overwrite?: string; readonly cut?: string } = {},
  ): Promise<RunReport> {
    const { target, sections } = this.look(options.run);
    const { number } = target.run;
    const { journal, live, host } = this.#begin(
      { command: `undo ${Number(number)}`, undoes: number },
      options.overwrite,
    );
    let stopped = false;
    const report = await run(graphOf(sections, new Answers()), {
      host,
      live,
      emit: (event) => {
        if (event.type === 'operation-finished' && event.operation === options.cut) stopped = true;
      },
      signal: new AbortController().signal,
      stopping: () => stopped,
      concurrency: 1,
    });
    const failed = report.problems.size;
    const skipped = [...report.outcomes.values()].filter((outcome) => outcome === 'skipped').length;
    if (options.cut === undefined) journal.note('', { kind: 'end', failed, skipped });
    return report;
  }

  look(asked?: string) {
    const runs = readRuns(this.at('state'));
    const target = targetOf(runs, asked);
    const folders = { state: this.at('state'), copies: this.at('copies') };
    const sections = undoSections(target, runs, folders);
    const stays = irreversibleOf(target.entries, historiesOf(target.entries), folders.copies);
    return { target, sections, stays };
  }

  async plan(asked?: string) {
    const { target, sections } = this.look(asked);
    const planned = await plan(graphOf(sections, new Answers()), this.#host());
    return { planned, conflicts: undoConflictsOf(planned, target) };
  }

  forget(run: string): void {
    dropCopies(this.at('copies'), [run]);
  }

  #host(overwrite?: string): LinuxHost {
    return new LinuxHost({
      accounts: new Accounts(),
      ledger: this.ledger,
      overwrite: new Set(overwrite === undefined ? [] : [overwrite]),
    });
  }

  #begin(about: About, overwrite?: string) {
    this.#last += 1;
    const name = String(this.#last).padStart(4, '0');
    const folder = path.join(this.at('state'), 'runs', name);
    const journal = new Journal(folder, path.join(this.at('copies'), name));
    journal.note('', { kind: 'run', ...about });
    const host = this.#host(overwrite);
    const options = {
      accounts: new Accounts(),
      ledger: this.ledger,
      journal,
      emit: () => {},
      signal: new AbortController().signal,
      run: folder,
    };
    return {
      journal,
      host,
      live: (operation: string) => new LinuxLiveHost(options, operation, host, new Map()),
    };
  }
}
