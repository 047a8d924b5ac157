/**
 * @param argv a command as an array
 * @returns the same command as a person would type it in a POSIX shell
 */
export function shellOf(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

/** @returns `word` quoted for a POSIX shell, bare where it needs no quotes. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** @returns the command as typed by root to run it as `account`. */
export function asAccount(account: string | undefined, command: string): string {
  return account === undefined || account === 'root' ? command : `sudo -Hu ${account} ${command}`;
}

/** @returns `NAME=value` for each, as words of shell */
export function wordsOf(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join(' ');
}
