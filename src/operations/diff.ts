import { createPatch } from 'diff';
import { redactor } from '../answers/redaction.ts';

/** @returns a unified diff of a file's text, without the file header's noise, secrets masked. */
export function diffOf(path: string, before: string, after: string): string {
  return redactor.redact(
    createPatch(path, before, after, '', '', { context: 2 }).split('\n').slice(2).join('\n').trimEnd(),
  );
}
