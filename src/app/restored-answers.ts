type Remembered = Readonly<Record<string, string | boolean | readonly string[]>>;

/** The accounts come with the data: none is made, and no password of one is asked for. */
const IN_THE_DATABASE = ['admin.username', 'admin.email', 'admin.password'];
/** Where the ids of skipped questions stand among remembered answers. */
const SKIPPED = ':skipped';

/**
 * @param archived those of the archive @param here those that this server remembers, which are newer
 * @returns the answers of a server on which the site is set up again
 */
export function restoredAnswers(
  archived: Remembered,
  here: Remembered,
): Record<string, string | boolean | string[]> {
  const { [SKIPPED]: skipped, ...answers } = { ...archived, ...here };
  const kept = Object.entries(answers).filter(([id]) => !IN_THE_DATABASE.includes(id));
  const ids = new Set([
    ...(Array.isArray(skipped) ? (skipped as readonly string[]) : []),
    ...IN_THE_DATABASE,
  ]);
  return {
    ...Object.fromEntries(
      kept.map(([id, value]) => [
        id,
        typeof value === 'string' || typeof value === 'boolean' ? value : [...value],
      ]),
    ),
    [SKIPPED]: [...ids],
  };
}
