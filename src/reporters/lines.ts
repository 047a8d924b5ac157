import type { EngineEvent } from '../engine/events.ts';
import { duration } from '../output/duration.ts';
import type { LogLevel } from '../output/output-mode.ts';
import { print } from '../output/print.ts';
import type { Reporter } from './reporter.ts';

/**
 * One line per event, for a pipe, a log of CI, a screen reader, or `--plain`. listr2's own line renderers announce
 * every task as started at once, whatever it still waits for; these say what happens when it happens.
 * @param level `error`: failures only; `debug`: commands and their output as well
 */
export function lines(level: LogLevel): Reporter {
  const titles = new Map<string, string>();
  const say = level === 'error' ? failureLine : level === 'debug' ? debugLine : infoLine;
  return {
    emit(event) {
      if (event.type === 'run-started')
        for (const section of event.sections)
          for (const { id, title } of section.operations) titles.set(id, `${section.title} › ${title}`);
      const line = say(event, titles);
      if (line !== undefined) print(line);
    },
    async end() {},
  };
}

/** By an operation's id, what it is called. */
type Titles = ReadonlyMap<string, string>;

function failureLine(event: EngineEvent, titles: Titles): string | undefined {
  if (event.type === 'warning') return `! ${event.message}`;
  if (event.type !== 'operation-finished' || event.outcome !== 'failed') return undefined;
  return `✗ ${titles.get(event.operation) ?? event.operation}: failed. ${event.problem?.what ?? ''}`;
}

function infoLine(event: EngineEvent, titles: Titles): string | undefined {
  switch (event.type) {
    case 'run-started':
      return `Run ${event.run}. Log: ${event.log}`;
    case 'change':
      return `… ${titles.get(event.operation)}: ${event.summary}`;
    case 'operation-finished': {
      const title = titles.get(event.operation) ?? event.operation;
      if (event.outcome === 'skipped') return `○ ${title}: not done`;
      if (event.outcome === 'changed') return `✓ ${title}: done (${duration(event.ms)})`;
      return failureLine(event, titles);
    }
    default:
      return failureLine(event, titles);
  }
}

function debugLine(event: EngineEvent, titles: Titles): string | undefined {
  if (event.type === 'command') return `  $ ${event.command}`;
  if (event.type === 'output') return `    ${event.line}`;
  return infoLine(event, titles);
}
