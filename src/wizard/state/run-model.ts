import type { EngineEvent, OperationOutline, Outcome, SectionOutline } from '../../engine/events.ts';
import type { Problem } from '../../output/problem.ts';
import { Ring } from '../kit/ring.ts';

export interface RunStep {
  readonly id: string;
  readonly title: string;
  readonly section: string;
  /** The review had a change of it. */
  readonly planned: boolean;
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
  readonly #sectionLogs = new Map<string, { readonly log: Ring; last: string }>();
  number = '';
  log = '';
  startedAt = 0;
  ended = false;
  /** The steps that are at work, oldest first. */
  readonly working = new Set<string>();

  feed(event: EngineEvent): void {
    switch (event.type) {
      case 'run-started':
        this.sections = event.sections;
        this.number = event.run;
        this.log = event.log;
        this.startedAt = event.at;
        for (const section of event.sections) {
          for (const each of section.operations) this.steps.set(each.id, stepOf(each, section.id));
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

  /** @param id of a step or a section @returns what it said; of a section all that its steps said, each under its title */
  logOf(id: string): Ring | undefined {
    return this.steps.get(id)?.log ?? this.#sectionLogs.get(id)?.log;
  }

  /** @returns the titles of the steps that are at work, oldest first */
  atWork(): readonly string[] {
    return [...this.working].flatMap((id) => this.steps.get(id)?.title ?? []);
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
    this.#sayInSection(step, text);
  }

  /** Steps of a section speak at the same time: a title stands wherever another one begins. */
  #sayInSection({ id, title, section }: RunStep, text: string): void {
    const said = this.#sectionLogs.get(section) ?? { log: new Ring(), last: '' };
    this.#sectionLogs.set(section, said);
    if (said.last !== id) said.log.push(`── ${title}`);
    said.last = id;
    said.log.push(text);
  }
}

/** How many of some steps are over. */
interface Progress {
  readonly done: number;
  readonly of: number;
  /** Whether changes are counted, as the review counts them; else, without a plan, all steps are. */
  readonly changes: boolean;
}

/** @param all the steps of the run @param own those of them that are counted */
export function progressOf(all: readonly RunStep[], own: readonly RunStep[] = all): Progress {
  const changes = all.some(({ planned }) => planned);
  // One that the plan knew nothing of, and that changed something all the same, counts as well.
  const counted = own.filter(({ planned, state }) => !changes || planned || state === 'changed');
  return { done: counted.filter(isOver).length, of: counted.length, changes };
}

export function isOver({ state }: RunStep): boolean {
  return state !== 'waiting' && state !== 'working';
}

function stepOf({ id, title, planned }: OperationOutline, section: string): RunStep {
  return {
    id,
    title,
    section,
    planned: planned === true,
    state: 'waiting',
    startedAt: 0,
    ms: 0,
    last: '',
    log: new Ring(),
    problem: undefined,
  };
}
