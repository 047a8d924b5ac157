import type { EngineEvent, Outcome, SectionOutline } from '../../engine/events.ts';
import type { Problem } from '../../output/problem.ts';
import { Ring } from '../kit/ring.ts';

export interface Task {
  readonly id: string;
  readonly title: string;
  readonly section: string;
  state: 'waiting' | 'working' | Outcome;
  /** Milliseconds since the epoch; 0 before. */
  startedAt: number;
  ms: number;
  /** What it last said. */
  last: string;
  readonly log: Ring;
  problem: Problem | undefined;
}

/**
 * A run as its screen shows it, fed with the engine's events as they come. It is changed in place and bounded: ten
 * thousand lines a second must cost neither memory nor a frame each.
 */
export class RunModel {
  sections: readonly SectionOutline[] = [];
  readonly tasks = new Map<string, Task>();
  readonly warnings: string[] = [];
  number = '';
  log = '';
  startedAt = 0;
  ended = false;
  /** The tasks that are at work, oldest first. */
  readonly working = new Set<string>();
  finished = 0;

  feed(event: EngineEvent): void {
    switch (event.type) {
      case 'run-started':
        this.sections = event.sections;
        this.number = event.run;
        this.log = event.log;
        this.startedAt = event.at;
        for (const section of event.sections) {
          for (const { id, title } of section.operations) this.tasks.set(id, taskOf(id, title, section.id));
        }
        break;
      case 'operation-started': {
        const task = this.tasks.get(event.operation);
        if (task) Object.assign(task, { state: 'working', startedAt: event.at });
        this.working.add(event.operation);
        break;
      }
      case 'change':
        this.#say(event.operation, event.summary);
        break;
      case 'command':
        this.#say(event.operation, `$ ${event.command}`);
        break;
      case 'output':
        this.#say(event.operation, event.line);
        break;
      case 'warning':
        this.warnings.push(event.message);
        break;
      case 'operation-finished': {
        const task = this.tasks.get(event.operation);
        this.working.delete(event.operation);
        this.finished += 1;
        if (task === undefined) break;
        task.state = event.outcome;
        task.ms = event.ms;
        task.problem = event.problem;
        break;
      }
      case 'run-finished':
        this.ended = true;
        break;
    }
  }

  /** @returns the tasks that failed, in the order of the sections */
  failed(): readonly Task[] {
    return [...this.tasks.values()].filter(({ state }) => state === 'failed');
  }

  #say(operation: string, text: string): void {
    const task = this.tasks.get(operation);
    if (task === undefined) return;
    task.last = text.length > 200 ? text.slice(0, 200) : text;
    task.log.push(text);
  }
}

function taskOf(id: string, title: string, section: string): Task {
  return {
    id,
    title,
    section,
    state: 'waiting',
    startedAt: 0,
    ms: 0,
    last: '',
    log: new Ring(),
    problem: undefined,
  };
}
