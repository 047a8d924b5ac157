import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import { isTroubled, statusLines, statusRecord, watchStatus } from '../app/watch/status.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';

/** What the watch found last, and what it told. Looks only. */
export async function watchStatusCommand(session: Session): Promise<ExitCode> {
  const status = await watchStatus(session);
  if (session.options.json) writeRecord(statusRecord(status));
  else
    for (const { text, mark } of statusLines(status)) {
      const sign = mark === undefined ? '' : `${mark ? styled('green', '✓') : styled('red', '✗')} `;
      print(...wrap(text, { first: sign, rest: '    ' }));
    }
  return isTroubled(status) ? EXIT.pending : EXIT.asWanted;
}
