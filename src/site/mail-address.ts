/** @returns why a text is no e-mail address, else `undefined` */
export function mailAddress(value: string): string | undefined {
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value) ? undefined : 'That is not an e-mail address.';
}
