import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from './nearest.ts';
import { AnswersRefused } from './refused.ts';

/**
 * A path that was typed wrong can be told on any machine; all else about the file once it is read.
 * @param file as typed: absent, or `-`, when there is none
 * @throws AnswersRefused when nothing stands there, with the nearest name in that folder
 */
export function refuseMissingFile(file: string | undefined): void {
  if (file === undefined || file === '-' || isThere(file)) return;
  const folder = path.dirname(file);
  const meant = didYouMean(path.basename(file), namesIn(folder));
  throw new AnswersRefused({
    what: `There is no answers file ${file}.${meant}`,
    remedy:
      'Give the path of a file, or - for standard input. studio-setup answers --example prints a template.',
  });
}

/** Whether something stands there, or it can't be told. */
function isThere(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code));
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
