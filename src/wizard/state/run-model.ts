import type { EngineEvent, Outcome, SectionOutline } from '../../engine/events.ts';
import type { Problem } from '../../output/problem.ts';
import { Ring } from '../kit/ring.ts';

export interface RunStep {
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
  readonly steps = new Map<string, RunStep>();
  readonly warnings: string[] = [];
  number = '';
  log = '';
  startedAt = 0;
  ended = false;
  /** The steps that are at work, oldest first. */
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
          for (const { id, title } of section.operations) this.steps.set(id, stepOf(id, title, section.id));
        }
        break;
      case 'operation-started': {
        const step = this.steps.get(event.operation);
        if (step) Object.assign(step, { state: 'working', startedAt: event.at });
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
        const step = this.steps.get(event.operation);
        this.working.delete(event.operation);
        this.finished += 1;
        if (step === undefined) break;
        step.state = event.outcome;
        step.ms = event.ms;
        step.problem = event.problem;
        break;
      }
      case 'run-finished':
        this.ended = true;
        break;
    }
  }

  /** @returns the steps that failed, in the order of the sections */
  failed(): readonly RunStep[] {
    return [...this.steps.values()].filter(({ state }) => state === 'failed');
  }

  #say(operation: string, text: string): void {
    const step = this.steps.get(operation);
    if (step === undefined) return;
    step.last = text.length > 200 ? text.slice(0, 200) : text;
    step.log.push(text);
  }
}

function stepOf(id: string, title: string, section: string): RunStep {
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
