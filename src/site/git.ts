/** @returns git's arguments for a checkout that may have been cloned by another account (by hand, as root). */
export function git(path: string, ...args: readonly string[]): readonly string[] {
  return ['git', '-c', `safe.directory=${path}`, '-C', path, ...args];
}
