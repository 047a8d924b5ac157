import type { Question } from '../answers/question.ts';
import { Secret } from '../output/secret.ts';

/**
 * The key that can open the archives. age(1): `age1…` of age-keygen, in Bech32 with 58 letters and digits behind the 1, or a public
 * key of SSH, ssh-ed25519 or ssh-rsa.
 */
export const RECIPIENT: Question = {
  id: 'recipient',
  label: 'Recipient of backups',
  help: 'The public key that archives are encrypted for: age1…, or an SSH public key. Create one on your own computer, not on this server: age-keygen -o studio-backup.txt prints it. Only that file can open the archives: keep it safe, and off this server.',
  kind: 'text',
  validate: refusedRecipient,
};

/** What the owner of an archive does next. A restore needs this server's database; that the archive opens, only age(1). */
export const HOW_TO_VERIFY =
  'To test it: studio-setup backup verify --identity FILE. FILE is the private key: copy it to this server for the test only, then delete it here. To check only that the archive opens, where the private key is: age --decrypt --identity FILE ARCHIVE > /dev/null';

/** @returns why it is none; the value itself is never in it: by mistake it may be the key that opens the archives */
function refusedRecipient(value: string): string | undefined {
  if (/AGE-SECRET-KEY-|PRIVATE KEY/i.test(value)) {
    // It was typed, so it must not be repeated anywhere.
    new Secret(value);
    return 'This is the private key, which must not be on this server. Enter its public key (age-keygen -y FILE prints it), or better that of a new key.';
  }
  if (/^age1[02-9ac-hj-np-z]{58}$/.test(value)) return undefined;
  if (/^ssh-(ed25519|rsa) [A-Za-z\d+/]{60,}={0,2}( [^\n]*)?$/.test(value)) return undefined;
  return 'This is not a public key. Enter age1 followed by 58 letters and digits, or a whole line that begins with ssh-ed25519 or ssh-rsa.';
}

/** @param text of root's list of recipients, one a line; absent: there is none @returns them, without comments and empty lines */
export function recipientsIn(text = ''): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
