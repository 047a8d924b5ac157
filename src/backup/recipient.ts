import type { Question } from '../answers/question.ts';
import { Secret } from '../output/secret.ts';

/**
 * The key that can open the archives. age(1): `age1…` of age-keygen, in Bech32 with 58 letters and digits behind the 1, or a public
 * key of SSH, ssh-ed25519 or ssh-rsa.
 */
export const RECIPIENT: Question = {
  id: 'recipient',
  label: 'Recipient of backups',
  help: 'The public key that archives are encrypted for: age1…, or a public key of SSH. Make one on a computer of yours, not on this server: age-keygen -o studio-backup.txt prints it. That file alone opens the archives: keep it safe, and away from here.',
  kind: 'text',
  validate: refusedRecipient,
};

/** @returns why it is none; the value itself is never in it: by mistake it may be the key that opens the archives */
function refusedRecipient(value: string): string | undefined {
  if (/AGE-SECRET-KEY-|PRIVATE KEY/i.test(value)) {
    // It was typed, so it must not be repeated anywhere.
    new Secret(value);
    return 'This is the secret key, which is not to be on this server: give the public key of it (age-keygen -y FILE), or better of a new one.';
  }
  if (/^age1[02-9ac-hj-np-z]{58}$/.test(value)) return undefined;
  if (/^ssh-(ed25519|rsa) [A-Za-z\d+/]{60,}={0,2}( [^\n]*)?$/.test(value)) return undefined;
  return 'It is no recipient: give age1… and 58 letters and digits, or a line that begins with ssh-ed25519 or ssh-rsa. Of a file: "$(cat FILE)".';
}

/** @param text of root's list of recipients, one a line; absent: there is none @returns them, without comments and empty lines */
export function recipientsIn(text = ''): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
