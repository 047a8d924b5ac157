/** Thrown when a template and the values for it do not fit. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const HOLE = /\{\{([a-z0-9_]+)\}\}/g;

/**
 * Fills the `{{holes}}` of a template; values are put in as they are and never searched for holes.
 * @throws {TemplateError} for a hole without a value, a value without a hole, a malformed hole, and a value that
 *   would begin a new line.
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  const holes = new Set([...template.matchAll(HOLE)].map(([, name = '']) => name));
  const unfilled = [...holes].filter((name) => !Object.hasOwn(values, name));
  if (unfilled.length > 0) throw new TemplateError(`no value for the hole ${unfilled.join(', ')}`);
  const unknown = Object.keys(values).filter((name) => !holes.has(name));
  if (unknown.length > 0) throw new TemplateError(`the template has no hole ${unknown.join(', ')}`);
  if (/\{\{|\}\}/.test(template.replaceAll(HOLE, '')))
    throw new TemplateError('the template has a malformed hole');
  for (const [name, value] of Object.entries(values)) {
    if (/[\x00-\x1f\x7f]/.test(value))
      throw new TemplateError(`the value for ${name} has a control character in it`);
  }
  return template.replaceAll(HOLE, (_, name: string) => values[name] ?? '');
}
