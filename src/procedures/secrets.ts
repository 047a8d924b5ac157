import { createHash } from 'node:crypto';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { Secret } from '../output/secret.ts';
import type { SettingPath } from '../python/settings-file.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { SETTINGS } from '../site/layout.ts';
import { standing } from '../site/standing.ts';
import { randomText } from '../text/random.ts';
import type { Circumstances } from './procedure.ts';
import { readTransactionRecord, unreadableTransactionRecord } from './transaction-record.ts';

/** The old and the new value of what is made again. */
export interface Pair {
  readonly old: Secret;
  readonly new: Secret;
  /** Other secrets of the old state that the proof asks for, by name. */
  readonly others: Readonly<Record<string, string>>;
  /** The answers file gives the value that is about to become the old one. */
  readonly namedInFile: boolean;
}

/**
 * @param answer id of the question whose answer it is: an answers file that gives another value than the host has gives the new one
 * @param length characters of a value that is made
 * @param others further secrets of the old state, as they are before anything changes
 * @returns the pair, of the transaction record when there is one: after a kill it must be the same
 * @throws ProblemError when the host has no old value, or a transaction record that does not tell the pair
 */
export async function pairOf(
  { host, answers }: Circumstances,
  wanted: {
    readonly transactionRecord: string;
    readonly answer: string;
    readonly what: string;
    readonly length: number;
    readonly current: Secret | undefined;
    readonly others?: Readonly<Record<string, string>>;
  },
): Promise<Pair> {
  const given =
    answers.sourceOf(wanted.answer) === 'file' ? answers.optionalSecret(wanted.answer) : undefined;
  const kept = (await readTransactionRecord(host, wanted.transactionRecord))?.secrets;
  if (kept !== undefined) {
    const { old, new: next, ...others } = kept;
    // Other values made now would stand in no file that outlasts a kill.
    if (old === undefined || next === undefined) throw unreadableTransactionRecord(wanted.transactionRecord);
    const namedInFile = given?.reveal() === old;
    return { old: new Secret(old), new: new Secret(next), others, namedInFile };
  }
  const old = wanted.current;
  if (old === undefined) {
    throw new ProblemError({
      what: `There is no ${wanted.what} on this server yet. Nothing was changed.`,
      remedy: 'Set the site up first: studio-setup run',
    });
  }
  const namedInFile = given?.reveal() === old.reveal();
  const next = given === undefined || namedInFile ? new Secret(randomText(wanted.length)) : given;
  return { old, new: next, others: wanted.others ?? {}, namedInFile };
}

/**
 * A secret that settings.py takes from elsewhere is rotated there: to write it here would leave the other place with the old one.
 * @throws ProblemError that names the line
 */
export async function plainlyAssigned(host: Host, path: SettingPath): Promise<void> {
  const stands = standing(await installedSettings(host), path);
  if (stands.kind !== 'computed') return;
  throw new ProblemError({
    what: `${path.join('.')} in ${SETTINGS} is not a plain value (${stands.where}). Nothing was changed.`,
    remedy: `Change it at its source, then restart the site. Or write it as one plain assignment in ${SETTINGS}, then start again.`,
  });
}

/** @returns what the transaction record keeps: old and new, and what else the way back or the proof needs */
export function keptOf(pair: Pair): Readonly<Record<string, string>> {
  return { old: pair.old.reveal(), new: pair.new.reveal(), ...pair.others };
}

/** Said when the answers file would bring the old value back: a later run refuses it. */
export function noticeOfFile(pair: Pair, answer: string): readonly string[] {
  return pair.namedInFile
    ? [
        `The answers file gives the old value of ${answer}. Remove that line: a later run refuses the file with it.`,
      ]
    : [];
}

/** @returns the SHA-256, hex: secrets are compared by it where a program would otherwise print one */
export function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
