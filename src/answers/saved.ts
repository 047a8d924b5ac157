import type { Ledger } from '../host/ledger.ts';
import { Secret } from '../output/secret.ts';
import type { AnswerValue } from './answers.ts';
import { settingPath } from './setting-question.ts';
import type { AnswerInput, Collected } from './sources.ts';

/** Where the ids of skipped questions stand; no question's id begins with a colon. */
const SKIPPED = ':skipped';

/** The hint with the ids of settings that somebody skipped by name, separated by spaces. */
export const SKIPPED_SETTINGS = 'skipped-settings';

/** An address with `user:password@` in it, or a repository's with `token@`: the key in an address of Sentry is no secret. */
const WITH_LOGIN = /^\w+:\/\/[^/@\s]*:[^/@\s]*@|^https?:\/\/[^/@\s]+@\S+\.git$/;

/** @returns the answers of the last run; secrets are never among them */
export function savedAnswers(ledger: Ledger): ReadonlyMap<string, AnswerInput> {
  const saved = new Map<string, AnswerInput>();
  for (const [id, value] of Object.entries(ledger.answers())) {
    if (id !== SKIPPED) saved.set(id, { kind: 'value', value });
    else if (Array.isArray(value)) for (const each of value) saved.set(each, { kind: 'skip' });
  }
  return saved;
}

/** Keeps complete answers for the next run, adding to those of sections that were not asked about now. */
export function saveAnswers(ledger: Ledger, { answers, skipped }: Collected): void {
  const before = ledger.answers();
  const kept: Record<string, string | boolean | string[]> = { ...before };
  for (const id of answers.ids()) {
    const value = answers.get(id);
    if (value === undefined || value instanceof Secret) continue;
    // As a clone that was made by hand may have it; git has it, and tells it again.
    if (answers.sourceOf(id) === 'host' && typeof value === 'string' && WITH_LOGIN.test(value))
      delete kept[id];
    else kept[id] = storable(value);
  }
  const old = before[SKIPPED];
  const skippedIds = new Set([
    ...(Array.isArray(old) ? old.filter((id) => !answers.has(id)) : []),
    ...skipped.map(({ id }) => id),
  ]);
  ledger.remember(
    SKIPPED_SETTINGS,
    [...skippedIds].filter((id) => settingPath(id) !== undefined).join(' '),
    true,
  );
  if (skippedIds.size > 0) kept[SKIPPED] = [...skippedIds];
  else delete kept[SKIPPED];
  if (JSON.stringify(kept) !== JSON.stringify(before)) ledger.saveAnswers(kept);
}

function storable(value: Exclude<AnswerValue, Secret>): string | boolean | string[] {
  return typeof value === 'string' || typeof value === 'boolean' ? value : [...value];
}
