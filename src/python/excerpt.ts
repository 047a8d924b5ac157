const HIDDEN = '••••';

/**
 * A line of a broken module, fit for an error message. In a broken file nobody can tell what is inside of quotes and what is
 * not (a secret pasted without quotes is a likely mistake), so only the name left of `=` or `:` is shown.
 */
export function redactedExcerpt(line: string): string {
  const text = line.trim();
  // A space or a value has to be there: the last line of a PEM may be `abc=` too.
  const assigned = /^[A-Za-z_][\w.]*(?:\s+=(?!=)|=(?=[^=\s]))/.exec(text)?.[0];
  if (assigned !== undefined) return `${assigned} ${HIDDEN}`;
  const key = /^(['"])[A-Za-z_]\w*\1\s*:(?=\s|$)/.exec(text)?.[0];
  if (key !== undefined) return `${key} ${HIDDEN}`;
  return text === '' ? '' : HIDDEN;
}
