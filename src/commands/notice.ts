import type { Session } from '../app/session.ts';
import { clean } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';

/** Says something that the operator is to know: marked, or as a record. @param message whole sentences */
export function sayNotice({ options: { json } }: Session, message: string): void {
  if (json) writeRecord({ type: 'notice', ...{ message: clean(message) } });
  else print(...wrap(clean(message), { first: `${styled('yellow', '!')} `, rest: '  ' }));
}
