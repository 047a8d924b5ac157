import { domainToASCII, domainToUnicode } from 'node:url';

export type ParsedDomain =
  | { readonly ok: true; readonly domain: string }
  | { readonly ok: false; readonly reason: string };

/** `input` is in lower case, without spaces around it and without the root's dot. */
type Rule = (input: string) => string | undefined;

const LABEL = /^(?!-)[a-z0-9-]+(?<!-)$/;

/**
 * Letters, digits, hyphens and dots only: `nginx -t` accepts a config into which a name such as
 * `a.org; } server {` injected a directive, so what is let through here is all that keeps it out.
 */
const rules: readonly Rule[] = [
  (input) => (input === '' ? 'Type a host name such as studio.example.org.' : undefined),
  (input) =>
    /^[a-z][a-z0-9+.-]*:\/\//.test(input) || input.includes('/')
      ? 'Type the host name alone, without a path.'
      : undefined,
  (input) =>
    input.includes('?') ? 'Type the host name alone, without the "?" and what follows it.' : undefined,
  (input) =>
    input.includes('#') ? 'Type the host name alone, without the "#" and what follows it.' : undefined,
  (input) => (/\s/.test(input) ? 'A host name has no spaces or line breaks: type one name only.' : undefined),
  (input) => (input.includes('@') ? 'This looks like a mail address: type the part after the @.' : undefined),
  (input) =>
    input.includes('*') ? 'A wildcard is not the name of one site: type the full host name.' : undefined,
  (input) => (isAddress(input) ? 'This is an IP address: a certificate needs a host name.' : undefined),
  (input) => (/:\d*$/.test(input) ? 'Type the host name without the port.' : undefined),
  unicodeRule,
  (input) => (input.includes('_') ? 'A host name has no underscore in it; a hyphen is allowed.' : undefined),
  (input) =>
    /[^a-z0-9.-]/.test(input) ? 'Only letters, digits, hyphens and dots can be in a host name.' : undefined,
  (input) =>
    !input.includes('.') ? 'The name needs at least one dot, as in studio.example.org.' : undefined,
  (input) => (input.length > 253 ? 'The name is too long: 253 characters at most.' : undefined),
  (input) =>
    input.split('.').includes('') ? 'A part is empty: before the first dot, or between two dots.' : undefined,
  (input) =>
    input.split('.').some((label) => label.length > 63)
      ? 'A part between two dots is too long: 63 characters at most.'
      : undefined,
  (input) =>
    input.split('.').every((label) => LABEL.test(label))
      ? undefined
      : 'No part of the name may begin or end with a hyphen.',
  (input) =>
    /\.[0-9]+$/.test(input)
      ? 'The part after the last dot can not be a number: type the whole name.'
      : undefined,
  (input) =>
    input.split('.').some((label) => label.startsWith('xn--') && domainToUnicode(label) === label)
      ? 'A part that begins with xn-- is not valid Punycode: copy the name again.'
      : undefined,
];

/**
 * Checks and normalises a host name.
 * @param input anything; spaces around it, capitals and one dot at the end are put right.
 * @returns the name in lower case, or the reason for refusing it in plain words.
 */
export function parseDomain(input: string): ParsedDomain {
  const domain = input.trim().toLowerCase().replace(/\.$/, '');
  for (const rule of rules) {
    const reason = rule(domain);
    if (reason !== undefined) return { ok: false, reason };
  }
  return { ok: true, domain };
}

/** The same for what an operator types or pastes: also the address of a front page, `https://studio.example.org/`. */
export function parseTypedDomain(input: string): ParsedDomain {
  return parseDomain(input.trim().replace(/^https?:\/\/([^/]*)\/?$/i, '$1'));
}

function isAddress(input: string): boolean {
  return (
    /^[0-9]+(\.[0-9]+){0,3}$/.test(input) || /^\[.*\]/.test(input) || /^[0-9a-f]*:[0-9a-f:.]*:/.test(input)
  );
}

/** Unicode never passes, as many of its letters look like others; the xn-- form shows what a name really is. */
function unicodeRule(input: string): string | undefined {
  if (/^[\x00-\x7f]*$/.test(input)) return undefined;
  const ascii = domainToASCII(input);
  if (ascii.split('.').some((label) => label.startsWith('xn--'))) {
    return `The name has letters outside a-z. If that is intended, type its technical form: ${ascii}`;
  }
  return 'The name has characters that only look like plain letters or dots: type the name again by hand.';
}
