import { Resolver } from 'node:dns/promises';

/** Where a name points, by its A and AAAA records. */
export interface Addresses {
  readonly v4: readonly string[];
  readonly v6: readonly string[];
  /** A record could not be asked for: Node's code of why (`ETIMEOUT`). What is empty then may be there all the same. */
  readonly unanswered?: string;
}

/** What a name server is asked; each throws with a `code` as Node's resolver does. */
export interface AddressLookup {
  resolve4(name: string): Promise<readonly string[]>;
  resolve6(name: string): Promise<readonly string[]>;
}

/**
 * A name server's answer that there is no such record, or no such name (Node's documentation of `dns`, "Error codes"). Every
 * other code, ESERVFAIL, ETIMEOUT, ECONNREFUSED, EREFUSED …, says that it could not be asked.
 */
export function isNoSuchRecord(code: string | undefined): boolean {
  return code === 'ENODATA' || code === 'ENOTFOUND';
}

/** @returns what DNS says, past /etc/hosts: that is what the certificate's validation sees. Never throws. */
export async function resolve(
  name: string,
  lookup: AddressLookup = new Resolver({ timeout: 3000, tries: 2 }),
): Promise<Addresses> {
  const unanswered: string[] = [];
  const none = ({ code }: NodeJS.ErrnoException): readonly string[] => {
    if (!isNoSuchRecord(code)) unanswered.push(code ?? 'an unknown error');
    return [];
  };
  const [v4, v6] = await Promise.all([lookup.resolve4(name).catch(none), lookup.resolve6(name).catch(none)]);
  return { v4, v6, ...(unanswered[0] === undefined ? {} : { unanswered: unanswered[0] }) };
}
