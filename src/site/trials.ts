import { Resolver } from 'node:dns/promises';
import type { Trial } from '../answers/question.ts';
import type { Host } from '../host/host.ts';
import { isNoSuchRecord } from './dns.ts';

/** What DNS is asked for the domain of a mail address: each throws with a `code` as Node's resolver does. */
export interface MailLookup {
  resolveMx(domain: string): Promise<readonly { readonly exchange: string }[]>;
  resolve4(domain: string): Promise<readonly string[]>;
  resolve6(domain: string): Promise<readonly string[]>;
}

/**
 * Whether mail to an address could arrive: its domain has a mail server, or an address, which mail then goes to. No mail
 * is sent. DNS that can't be asked refuses no address: that is for the domain of the site to tell.
 */
export async function tryMailAddress(
  address: string,
  lookup: MailLookup = new Resolver({ timeout: 3000, tries: 2 }),
): Promise<Trial> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const codes: (string | undefined)[] = [];
  const ask = <T>(answers: Promise<readonly T[]>) =>
    answers.catch((error: NodeJS.ErrnoException): readonly T[] => {
      codes.push(error.code);
      return [];
    });
  const [mx, v4, v6] = await Promise.all([
    ask(lookup.resolveMx(domain)),
    ask(lookup.resolve4(domain)),
    ask(lookup.resolve6(domain)),
  ]);
  // One empty exchange says that the domain takes no mail (RFC 7505).
  if (mx.length > 0 && mx.every(({ exchange }) => exchange === '' || exchange === '.'))
    return { ok: false, message: `${domain} accepts no mail. Give an address that is read.` };
  if (mx.length > 0) return { ok: true, message: `${domain} accepts mail.` };
  if (v4.length + v6.length > 0)
    return { ok: true, message: `${domain} has no mail server of its own in DNS; mail goes to its address.` };
  return codes.every(isNoSuchRecord)
    ? { ok: false, message: `${domain} is not in DNS: no mail would arrive. Check the spelling.` }
    : { ok: true, message: `DNS could not be asked for ${domain}; it was not tried.` };
}

/** What an OAuth server answers to somebody who does not say which application they come from. */
const OAUTH_THERE: readonly number[] = [200, 301, 302, 303, 307, 400, 401, 403];

/**
 * Whether a Blender ID answers at an address: its OAuth entrance, where visitors would be sent, is asked for without
 * naming an application. Nothing is signed in to.
 * @param url ends in a slash; the site puts its own paths behind it
 */
export async function tryBlenderId(url: string, host: Pick<Host, 'request'>): Promise<Trial> {
  const entrance = new URL('oauth/authorize', url).href;
  const answer = await host.request(entrance, { timeoutMs: 8000 });
  if (answer.status === 0)
    return {
      ok: false,
      message: `${url} does not answer (${answer.error ?? 'no reason given'}). Check the spelling, and whether this server can reach it.`,
    };
  if (OAUTH_THERE.includes(answer.status)) return { ok: true, message: 'Blender ID answers there.' };
  return {
    ok: false,
    message:
      answer.status >= 500
        ? `${entrance} returned HTTP ${answer.status}: Blender ID has a problem at the moment.`
        : `${entrance} returned HTTP ${answer.status}: that is not a Blender ID. Give the address of its front page.`,
  };
}
