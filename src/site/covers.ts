/**
 * @param word as Django has it in ALLOWED_HOSTS, and browsers in the domain of a cookie: `.example.org` is that name and all
 *   below it, `*` is any
 * @returns whether it covers a host name
 */
export function covers(word: string, name: string): boolean {
  if (word === '*') return true;
  const low = word.toLowerCase();
  return low.startsWith('.') ? name === low.slice(1) || name.endsWith(low) : name === low;
}
