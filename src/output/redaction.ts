/**
 * The one funnel that everything passes through on its way out of the product: logs, events, screens, error
 * messages, state files. It knows every secret of this process and replaces each by `••••`.
 */

/** Shorter values are not learnt: masking every `1` would make all output unreadable, and such a value is no secret. */
const SHORTEST = 6;

/**
 * Words that stand in the names of files, units and accounts. A password may be one of them (that of the role `studio` often is):
 * masked everywhere it would make every path unreadable and yet hide nothing, so it is masked where it stands as a value.
 */
const EVERYDAY = new Set([
  ...[
    'blender',
    'studio',
    'blender-studio',
    'meilisearch',
    'postgres',
    'postgresql',
    'django',
    'uwsgi',
    'nginx',
  ],
  ...[
    'production',
    'www-data',
    'localhost',
    'settings',
    'password',
    'secret',
    'example',
    'default',
    'database',
  ],
]);

class Redactor {
  readonly #values = new Set<string>();
  #pattern: RegExp | undefined;

  /**
   * @param value a secret; each of its lines is learnt on its own, because output arrives line by line,
   *   and so are the forms in which programs repeat it: percent-encoded, in a JSON or Python string, base64.
   */
  learn(value: string): void {
    const forms = EVERYDAY.has(value.toLowerCase())
      ? [`'${value}'`, `"${value}"`, `:${value}@`]
      : formsOf(value);
    for (const form of forms) {
      if (form.length >= SHORTEST) this.#values.add(form);
    }
    this.#pattern = undefined;
  }

  /** @returns `text` with every known secret replaced by `••••`. */
  redact(text: string): string {
    if (this.#values.size === 0) return text;
    this.#pattern ??= new RegExp(
      [...this.#values]
        .sort((a, b) => b.length - a.length)
        .map((value) => value.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
        .join('|'),
      'g',
    );
    return text.replace(this.#pattern, '••••');
  }
}

function formsOf(value: string): Set<string> {
  const forms = new Set<string>([value]);
  for (const line of value.split(/\r?\n/)) {
    // The frame of a PEM key is no secret, and masking it would hide what the text is.
    if (!/^-----(BEGIN|END) /.test(line)) forms.add(line.trim());
  }
  for (const form of [...forms]) {
    forms.add(encodeURIComponent(form.toWellFormed()));
    forms.add(JSON.stringify(form).slice(1, -1));
    forms.add(form.replaceAll('\\', '\\\\').replaceAll("'", "\\'"));
    forms.add(Buffer.from(form).toString('base64'));
  }
  return forms;
}

/** The process-wide funnel. There is one, so that no way out can have a funnel that knows less. */
export const redactor = new Redactor();
