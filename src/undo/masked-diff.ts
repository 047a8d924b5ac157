import { diffOf } from '../operations/diff.ts';

const NAMED_SO = /((?:key|secret|passw(?:or)?d|token|credential|dsn)[\w.-]*["']?\]?(?:\s*[=:]\s*|\s+))\S.*$/i;

/**
 * A diff for the screen of texts that nobody told the secrets of: an old file may hold one that is in force nowhere any
 * more. Where a name says so, its value is masked; of a file that is known to hold secrets, every value is.
 */
export function maskedDiff(path: string, before: string, after: string, secret: boolean): string {
  return diffOf(path, before, after, secret ? 0 : 2)
    .split('\n')
    .map((line) => (/^(---|\+\+\+|@@|\\)/.test(line) ? line : masked(line, secret)))
    .join('\n');
}

function masked(line: string, secret: boolean): string {
  if (!secret) return line.replace(NAMED_SO, '$1••••');
  const [, sign = '', text = ''] = /^([-+ ]?)(.*)$/.exec(line) ?? [];
  const assigned = /^(\s*(?:export\s+)?["']?[A-Za-z_][\w.[\]"'-]*\s*[=:]\s*)\S/.exec(text)?.[1];
  if (assigned !== undefined) return `${sign}${assigned}••••`;
  return text.trim() === '' ? line : `${sign}••••`;
}
