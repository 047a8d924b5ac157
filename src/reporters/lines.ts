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
  const say = (event: EngineEvent): string | undefined => {
    switch (event.type) {
      case 'run-started':
        for (const section of event.sections)
          for (const { id, title } of section.operations) titles.set(id, `${section.title} › ${title}`);
        return level === 'error' ? undefined : `Run ${event.run}. Log: ${event.log}`;
      case 'change':
        return level === 'error' ? undefined : `… ${titles.get(event.operation)}: ${event.summary}`;
      case 'command':
        return level === 'debug' ? `  $ ${event.command}` : undefined;
      case 'output':
        return level === 'debug' ? `    ${event.line}` : undefined;
      case 'warning':
        return `! ${event.message}`;
      case 'operation-finished': {
        const title = titles.get(event.operation) ?? event.operation;
        if (event.outcome === 'failed') return `✗ ${title}: failed. ${event.problem?.what ?? ''}`;
        if (level === 'error' || event.outcome === 'unchanged') return undefined;
        if (event.outcome === 'skipped') return `○ ${title}: not done`;
        return `✓ ${title}: done (${duration(event.ms)})`;
      }
      default:
        return undefined;
    }
  };
  return {
    emit(event) {
      const line = say(event);
      if (line !== undefined) print(line);
    },
    async end() {},
  };
}
