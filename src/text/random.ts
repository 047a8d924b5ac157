import { randomBytes } from 'node:crypto';

/** Letters and digits, as the document's own command makes them. @param length characters */
export function randomText(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let text = '';
  while (text.length < length) {
    // 248 is the largest multiple of 62 below 256: what is above would make some letters likelier.
    for (const byte of randomBytes(length))
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
  }
  return text;
}
