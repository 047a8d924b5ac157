/**
 * Secrets by what they look like, for texts that go to somebody else: the funnel (`redaction.ts`) knows those of the site, and
 * the texts of a server may hold others. What is masked too much costs the reader a word; what is missed costs a secret.
 */

const MASK = '••••';

/** A name of a setting, a variable, an option or a parameter that holds a secret. Bounded, as is all that may repeat. */
const NAME =
  '[\\w.-]{0,60}(?:pass(?:word|wd|phrase|code)?|pwd|secret|token|credential|signature|key|dsn|webhook|cookie|session(?:id)?|csrf|nonce)(?:s|[_-][\\w-]{0,60})?';

/** A value in quotes, whole; else up to what ends it in a shell, a URL, an ini file or a line of Python. */
const VALUE = `b?"(?:[^"\\\\\\n]|\\\\.)*"|b?'(?:[^'\\\\\\n]|\\\\.)*'|[^\\s,;&"'#)\\]}]+`;

/** `NAME = value`, `"name": "value"`, `?name=value`, `name => value`; the value apart. */
const ASSIGNED = new RegExp(`(\\b${NAME}["']?[ \\t]*(?:=>|:=|[=:])[ \\t]*)(${VALUE})`, 'gi');

/** A value that says where a secret is, or that there is none. */
const NO_SECRET =
  /^(?:b?["']{2}|none|null|true|false|yes|no|on|off|\$\{?\w+\}?|••••|["']••••["']|CHANGE[_-]?ME|\d{1,4})$/i;

/** Each with what of it is kept. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  // With whatever a journal puts before each line; without an end, as where a log was cut, to the end of the text.
  [
    /(-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)[\s\S]*?(?:(-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)|$(?![\s\S]))/g,
    `$1${MASK}$2`,
  ],
  [/(AGE-SECRET-KEY-1)[A-Z0-9]+/gi, `$1${MASK}`],
  // RFC 3986, 3.2.1: what stands before the @ of an authority, a token alone too.
  [/\b([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s/"'<>]+@(?=[\w[])/gi, `$1${MASK}@`],
  // RFC 9110, 11.4, wherever it stands: a header, an option of curl, a line of nginx.
  [/\b((?:proxy-)?authorization["']?\s*[:=]?\s*["']?)(?!["'\s])[^"'\r\n;]+/gi, `$1${MASK}`],
  [/\b((?:bearer|basic|digest|token|apikey)\s+)[\w+/=.~-]{8,}/gi, `$1${MASK}`],
  [/\b((?:set-)?cookie["']?\s*:\s*)[^\r\n]+/gi, `$1${MASK}`],
  // `proxy_set_header X-Meili-API-Key VALUE;`, and the same as a header.
  [/\b(x-[\w-]{0,60}(?:key|token|secret|signature)["']?[ \t:=]+["']?)[^\s"';]+/gi, `$1${MASK}`],
  // nginx's ngx_http_secure_link_module.
  [/\b(secure_link_(?:secret|md5)\s+)[^;\n]+/gi, `$1${MASK}`],
  // An option with its value as a word of its own.
  [/(--[\w-]{0,60}(?:key|pass(?:word|wd|phrase)?|secret|token)(?:[ \t]+|=))(?!-)[^\s"']+/gi, `$1${MASK}`],
  // SQL: ALTER ROLE studio PASSWORD '...'.
  [/\b((?:password|identified by)\s+)'(?:[^']|'')*'/gi, `$1'${MASK}'`],
  // netrc(5), and .git-credentials by its URL above.
  [/\b(login\s+\S+\s+password\s+)\S+/gi, `$1${MASK}`],
  // Hashes of passwords: crypt(5), htpasswd, Django, PostgreSQL's SCRAM and md5.
  [/\$(?:\d\w?|y|gy|apr1|argon2\w*|scrypt)\$[^\s:"']+/g, MASK],
  [/\b(?:pbkdf2_\w+|argon2|bcrypt\w*|scrypt)\$[^\s"',]+/g, MASK],
  [/\b(SCRAM-SHA-256\$)[^\s"']+/g, `$1${MASK}`],
  [/\bmd5[0-9a-f]{32}\b/g, MASK],
  // Tokens that say what they are: JSON Web Token, AWS, GitHub, GitLab, Slack, Stripe, Mailgun, Google, ntfy.
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, MASK],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, MASK],
  [
    /\b(?:gh[opsur]_|github_pat_|gl[a-z]{2,4}-|xox[a-z]-|[sprw]{1,2}k_(?:live|test)_|whsec_|key-|AIza|ya29\.|tk_|hvs\.)[\w.-]{10,}/g,
    MASK,
  ],
  // Paths of webhooks and heartbeats are their secrets: Slack, Discord, Matrix hooks, healthchecks.
  [/\b(https?:\/\/hooks\.slack\.com\/)[^\s"']+/gi, `$1${MASK}`],
  [/\b(https?:\/\/[^\s/"']+\/(?:api\/)?(?:webhooks?|hooks?|ping)\/)[^\s"']+/gi, `$1${MASK}`],
];

/** Long words: what a generator of keys makes, and hardly anything else. The first of base64, which a slash may be part of. */
const LONG = /[A-Za-z0-9+/]{40,}={0,2}|[A-Za-z0-9+_=-]{20,}/g;

/**
 * @param text what a program printed, or a file holds
 * @returns it with everything masked that looks like a secret; line breaks outside of private keys stay
 */
export function withoutLikelySecrets(text: string): string {
  let masked = text;
  for (const [shape, kept] of SHAPES) masked = masked.replace(shape, kept);
  return masked
    .replace(ASSIGNED, (whole, name: string, value: string) =>
      NO_SECRET.test(value) ? whole : `${name}${MASK}`,
    )
    .replace(LONG, (word) => (looksMade(word) ? MASK : word));
}

/**
 * Digits and letters without the order that a name has: a hexadecimal number, a UUID, base64. Names of files, units and packages
 * have their digits together, at few places.
 */
function looksMade(word: string): boolean {
  if (!/\d/.test(word) || !/[A-Za-z]/.test(word)) return false;
  if (/^[0-9a-f]{20,}$/i.test(word) || /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word))
    return true;
  // A path has no capitals, but for few.
  if (word.includes('/') && !/[A-Z].*[A-Z].*[A-Z]/.test(word)) return false;
  return (word.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])|[a-z](?=[A-Z])/g)?.length ?? 0) >= 5;
}

/** Where a secret stands apart from a name: a login in a URL, a header, netrc(5). */
const APART = [
  /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@"'<>]*:([^\s/"'<>]+)@/gi,
  /\b(?:bearer|basic|digest)\s+([\w+/=.~-]{8,})/gi,
  /\bx-[\w-]{0,60}(?:key|token|secret)["']?[ \t:=]+["']?([^\s"';]{8,})/gi,
  /\bpassword\s+(\S+)/g,
];

/**
 * @param text a file that holds secrets by names: `settings.py`, an environment file, netrc
 * @returns the values that stand behind such names, without their quotes
 */
export function likelySecretsIn(text: string): readonly string[] {
  const values = [...text.matchAll(ASSIGNED)].flatMap(([, , value = '']) =>
    NO_SECRET.test(value) ? [] : [value.replace(/^b?(["'])([\s\S]*)\1$/, '$2')],
  );
  const apart = APART.flatMap((shape) => [...text.matchAll(shape)].map(([, value = '']) => value));
  return [...values, ...apart].filter((value) => value !== '');
}
