import { Listr, type ListrRendererFactory, ListrTaskState, type ListrTaskWrapper } from 'listr2';
import type { EngineEvent, OperationOutline, Outcome, SectionOutline } from '../engine/events.ts';
import { count, duration } from '../output/duration.ts';
import { styled } from '../output/print.ts';
import type { Reporter } from './reporter.ts';

type Task = ListrTaskWrapper<unknown, ListrRendererFactory, ListrRendererFactory>;

/** A title that listr2 draws no line for: an operation is only shown while it is at work, and when it failed. */
const HIDDEN = ' ';

const SHOW_AFTER_MS = 80;

/**
 * A tree in the terminal, drawn by listr2: a task for each section, below it the operations that are at work.
 * With a dozen sections and a few operations at a time it fits 24 rows.
 * listr2's traps: its own SIGINT listener and `cancel()` end the process, so both stay unused; a task counts as
 * started as soon as the list is, so a section is set back to waiting until its first operation starts.
 */
export function tree(): Reporter {
  const operations = new Map<string, Row>();
  const sections: SectionRow[] = [];
  const note = new Note();
  let drawn: Promise<unknown> = Promise.resolve();

  return {
    emit(event: EngineEvent) {
      switch (event.type) {
        case 'run-started':
          for (const outline of event.sections) {
            const section = new SectionRow(outline, isPlanned(event.sections));
            sections.push(section);
            for (const row of section.rows) operations.set(row.id, row);
          }
          drawn = draw(sections, note);
          break;
        case 'operation-started':
          operations.get(event.operation)?.start();
          break;
        case 'change':
          operations.get(event.operation)?.say(event.summary);
          break;
        case 'output':
          operations.get(event.operation)?.say(event.line);
          break;
        case 'operation-finished':
          operations.get(event.operation)?.finish(event.outcome);
          break;
        case 'command':
        case 'warning':
        case 'run-finished':
          break;
      }
    },
    note(line) {
      note.show(line);
    },
    async end() {
      note.end();
      for (const row of operations.values()) row.finish('skipped');
      await drawn;
    },
  };
}

function isPlanned(sections: readonly SectionOutline[]): boolean {
  return sections.some(({ operations }) => operations.some(({ planned }) => planned));
}

function draw(sections: readonly SectionRow[], note: Note): Promise<unknown> {
  const list = new Listr(
    [
      ...sections.map((section) => ({
        title: section.title,
        task: (_: unknown, task: Task) => section.run(task),
      })),
      { title: HIDDEN, task: (_: unknown, task: Task) => note.run(task) },
    ],
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: 'default',
      rendererOptions: { formatOutput: 'truncate', collapseErrors: false, showErrorMessage: false },
    },
  );
  return list.run().catch(() => {
    // A failed section is told by the report, from the engine's own result.
  });
}

/** The last line of the tree: listr2 holds back all that others print until its own end. */
class Note {
  readonly #over = Promise.withResolvers<void>();
  #task: Task | undefined;

  show(line: string): void {
    if (this.#task) this.#task.title = line;
  }

  end(): void {
    this.#over.resolve();
  }

  async run(task: Task): Promise<void> {
    this.#task = task;
    await this.#over.promise;
    task.title = HIDDEN;
  }
}

class SectionRow {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly #started = Promise.withResolvers<void>();
  #startedAt = 0;
  #task: Task | undefined;
  /** Operations that the plan has a change of, or all where there is no plan. */
  readonly #counted: ReadonlySet<string>;
  #done = 0;
  #left: number;
  #changed = 0;
  #failed = false;
  #skipped = 0;

  constructor({ title, operations }: SectionOutline, planned: boolean) {
    this.title = title;
    const counted = planned ? operations.filter((each) => each.planned) : operations;
    this.#counted = new Set(counted.map(({ id }) => id));
    this.#left = operations.length;
    this.rows = operations.map((operation) => new Row(operation, this));
  }

  start(): void {
    if (this.#startedAt !== 0) return;
    this.#startedAt = Date.now();
    this.#started.resolve();
  }

  finished(id: string, outcome: Outcome): void {
    this.#left -= 1;
    if (this.#counted.has(id)) this.#done += 1;
    if (outcome === 'changed') this.#changed += 1;
    if (outcome === 'failed') this.#failed = true;
    if (outcome === 'skipped') this.#skipped += 1;
    if (this.#left === 0) this.#started.resolve();
    if (this.#task) this.#task.title = this.#progress();
  }

  async run(task: Task): Promise<unknown> {
    this.#task = task;
    task.task.state$ = ListrTaskState.WAITING;
    await this.#started.promise;
    task.task.state$ = ListrTaskState.STARTED;
    if (this.#skipped === this.rows.length) {
      task.skip(`${this.title}  ${styled('dim', 'not done')}`);
      return undefined;
    }
    return task.newListr(
      this.rows.map((row) => ({ title: HIDDEN, task: (_: unknown, own: Task) => row.run(own) })),
      { concurrent: true, exitOnError: false },
    );
  }

  #progress(): string {
    const all = this.rows.length;
    if (this.#left > 0)
      return this.#counted.size === 0
        ? this.title
        : `${this.title}  ${styled('dim', `${this.#done} of ${this.#counted.size}`)}`;
    const words = this.#failed
      ? 'failed'
      : this.#skipped > 0
        ? `${this.#skipped} of ${all} not done`
        : this.#changed === 0
          ? 'up to date'
          : count(this.#changed, 'change');
    return `${this.title}  ${styled('dim', `${words}, ${duration(Date.now() - this.#startedAt)}`)}`;
  }
}

class Row {
  readonly id: string;
  readonly #title: string;
  readonly #section: SectionRow;
  readonly #finished = Promise.withResolvers<Outcome>();
  #task: Task | undefined;
  #state: 'waiting' | 'working' | 'over' = 'waiting';
  #said = '';
  #timer: NodeJS.Timeout | undefined;

  constructor({ id, title }: OperationOutline, section: SectionRow) {
    this.id = id;
    this.#title = title;
    this.#section = section;
  }

  start(): void {
    this.#state = 'working';
    this.#section.start();
    if (this.#task) this.#task.title = this.#title;
  }

  /** listr2 draws the whole tree at each assignment: a chatty program is shown a few times a second only. */
  say(line: string): void {
    this.#said = line;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#task && this.#state === 'working') this.#task.output = this.#said;
    }, SHOW_AFTER_MS);
  }

  finish(outcome: Outcome): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#finished.resolve(outcome);
    this.#section.finished(this.id, outcome);
  }

  async run(task: Task): Promise<void> {
    this.#task = task;
    if (this.#state === 'working') task.title = this.#title;
    const outcome = await this.#finished.promise;
    if (outcome === 'failed') {
      task.title = this.#title;
      throw new Error(this.#title);
    }
    task.title = HIDDEN;
  }
}
