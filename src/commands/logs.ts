import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { serviceLogs, watchServiceLogs } from '../app/service-logs.ts';
import type { Session } from '../app/session.ts';
import { writeRecord } from '../output/json.ts';
import { print } from '../output/print.ts';

/** What was typed. */
export interface LogOptions {
  readonly lines: number;
  readonly follow: boolean;
}

/** Prints what the site's services log, without secrets. @param services none: all */
export async function logsCommand(
  session: Session,
  services: readonly string[],
  { lines, follow }: LogOptions,
): Promise<ExitCode> {
  const say = (line: string) =>
    session.options.json ? writeRecord({ type: 'service-log', ...{ line } }) : print(line);
  if (follow) await watchServiceLogs(session, services, lines, say);
  else for (const line of await serviceLogs(session, services, lines)) say(line);
  return follow && session.signal.aborted ? EXIT.interrupted : EXIT.asWanted;
}
