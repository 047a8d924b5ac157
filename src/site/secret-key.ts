import { count } from '../output/duration.ts';

/** Characters. */
const SHORTEST = 50;
const FEWEST_DIFFERENT = 5;
/** What `startproject` begins its keys with. */
const INSECURE = 'django-insecure-';

/**
 * By the same rule as Django's own check `security.W009` (django/core/checks/security/base.py, `_check_secret_key`).
 * @returns why a SECRET_KEY is refused, without a part of it; else `undefined`
 */
export function weakSecretKey(value: string): string | undefined {
  if (value.startsWith(INSECURE))
    return `It begins with ${INSECURE}: Django makes such keys for development only. Have one generated.`;
  const { length } = [...value];
  if (length < SHORTEST)
    return `${count(length, 'character')}; Django wants at least ${SHORTEST} (check security.W009).`;
  const different = new Set(value).size;
  return different < FEWEST_DIFFERENT
    ? `${count(different, 'different character')}; Django wants at least ${FEWEST_DIFFERENT} (check security.W009).`
    : undefined;
}
