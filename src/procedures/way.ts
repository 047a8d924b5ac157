import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import {
  readTransactionRecord,
  unreadableTransactionRecord,
  writeTransactionRecord,
} from './transaction-record.ts';

/** What a procedure consists of where all is as wanted. */
export const NOTHING_TO_DO = { notices: [], requirements: [], forward: [], backward: [] } as const;

/** What is known of a way before it begins, and only then. */
export interface Planned<Way> {
  readonly way: Way;
  /** Each a whole sentence. */
  readonly notices: readonly string[];
  readonly requirements: readonly Operation[];
}

/**
 * @param parsed reads the way's text, `undefined` when it is none
 * @returns the way that a procedure which was killed had begun, `undefined` when none is under way
 * @throws ProblemError when the record does not tell it
 */
export async function keptWay<Way>(
  host: Host,
  transactionRecord: string,
  parsed: (text: string) => Way | undefined,
): Promise<Way | undefined> {
  const kept = await readTransactionRecord(host, transactionRecord);
  if (kept === undefined) return undefined;
  const way = parsed(kept.plain.way ?? '');
  if (way === undefined) throw unreadableTransactionRecord(transactionRecord);
  return way;
}

/** The first operation: from here on {@link keptWay} finds it. */
export function keepWay(id: string, transactionRecord: string, way: object): Operation {
  return writeTransactionRecord(id, transactionRecord, { plain: { way: JSON.stringify(way) } });
}
