/**
 * Signatures of minisign. The format is that of its documentation (https://jedisct1.github.io/minisign/, "Signature format" and
 * "Public key format"): a line of comment, then base64. Of a public key `Ed`, 8 bytes of the key's number, 32 of the key. Of a
 * signature `ED`, the number of the key, 64 bytes that sign the BLAKE2b-512 of the file; then the trusted comment, and 64 bytes that
 * sign the first signature and that comment.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

const SIGNATURE =
  /^untrusted comment: .*\r?\n([A-Za-z0-9+/=]+)\r?\ntrusted comment: (.*?)\r?\n([A-Za-z0-9+/=]+)\s*$/;
const KEY_NUMBER_BYTES = 8;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const ALGORITHM_BYTES = 2;

/** A public key. */
export interface PublicKey {
  /** As minisign prints it: 16 hexadecimal digits. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Why a signature is not taken. */
export class SignatureRefused extends Error {
  override readonly name = 'SignatureRefused';
}

/**
 * @param text the file that `minisign -G` writes, or its second line alone
 * @throws SignatureRefused when it is no public key
 */
export function publicKey(text: string): PublicKey {
  const line = text.trim().split('\n').at(-1)?.trim() ?? '';
  const bytes = Buffer.from(line, 'base64');
  const start = ALGORITHM_BYTES + KEY_NUMBER_BYTES;
  if (bytes.length !== start + KEY_BYTES || algorithmOf(bytes) !== 'Ed')
    throw new SignatureRefused('that is no public key of minisign');
  const x = bytes.subarray(start).toString('base64url');
  return {
    id: idOf(bytes),
    key: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
  };
}

/**
 * @param signature text of the `.minisig`
 * @returns the trusted comment, which is as signed as the file
 * @throws SignatureRefused when the signature is not this key's, or not of these bytes and this comment
 */
export function trustedComment(file: Uint8Array, signature: string, { id, key }: PublicKey): string {
  const [, first, comment, second] = SIGNATURE.exec(signature) ?? [];
  if (first === undefined || comment === undefined || second === undefined)
    throw new SignatureRefused('that is no signature of minisign');
  const bytes = Buffer.from(first, 'base64');
  const signed = bytes.subarray(ALGORITHM_BYTES + KEY_NUMBER_BYTES);
  // `Ed` signs the file itself: of old versions of minisign, and none of the project's.
  if (signed.length !== SIGNATURE_BYTES || algorithmOf(bytes) !== 'ED')
    throw new SignatureRefused('that is no signature of a digest by minisign');
  if (idOf(bytes) !== id) throw new SignatureRefused(`it is by the key ${idOf(bytes)} (expected ${id})`);
  const digest = createHash('blake2b512').update(file).digest();
  if (!verify(null, digest, key, signed)) throw new SignatureRefused('it does not fit the file');
  const both = Buffer.concat([signed, Buffer.from(comment)]);
  if (!verify(null, both, key, Buffer.from(second, 'base64')))
    throw new SignatureRefused('it does not fit its comment');
  return comment;
}

function algorithmOf(bytes: Buffer): string {
  return bytes.toString('latin1', 0, ALGORITHM_BYTES);
}

/** The number's bytes stand with the lowest first (minisign.c prints them with `le64_load`). */
function idOf(bytes: Buffer): string {
  return bytes.readBigUInt64LE(ALGORITHM_BYTES).toString(16).toUpperCase().padStart(16, '0');
}
