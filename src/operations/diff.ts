import { createPatch } from 'diff';
import { redactor } from '../output/redaction.ts';

/** @returns a unified diff of a file's text, without the file header's noise, secrets masked. @param context unchanged lines around each change */
export function diffOf(path: string, before: string, after: string, context = 2): string {
  return redactor.redact(
    createPatch(path, before, after, '', '', { context }).split('\n').slice(2).join('\n').trimEnd(),
  );
}
