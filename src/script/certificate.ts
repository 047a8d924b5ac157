import { word, words } from './words.ts';

interface WantedCertificate {
  /** Its domain first. */
  readonly names: readonly string[];
  /** Absent: that of the account which certbot has already. */
  readonly email?: string;
  /** Address of the ACME directory. */
  readonly server: string;
  readonly webroot: string;
}

/** @returns the bash that gets a certificate, after a trial */
export function certificateScript({ names, email, server, webroot }: WantedCertificate): readonly string[] {
  const certbot = [
    `certbot certonly --authenticator webroot --webroot-path ${webroot}`,
    ...names.map((name) => `--domain ${word(name)}`),
    `--cert-name "\${certificate[0]}" --server ${word(server)}`,
    ...(email === undefined ? [] : [`--email ${word(email)}`]),
    '--key-type ecdsa --agree-tos --no-eff-email --expand --non-interactive',
  ].join(' ');
  return [
    findCertificate(names),
    `if [ -n "\${certificate[2]}" ]; then`,
    ...[...names.map((name) => `leads_here ${word(name)}`), `${certbot} --dry-run`, certbot].map(
      (line) => `  ${line}`,
    ),
    'fi',
  ];
}

/** @returns the bash that tries the renewal of the certificate for these names */
export function renewalScript(names: readonly string[], server: string): readonly string[] {
  return [
    findCertificate(names),
    `certbot renew --dry-run --cert-name "\${certificate[0]}" --server ${word(server)} --no-random-sleep-on-renew`,
  ];
}

/** @returns the bash that tells which certificate there is for these names, which may have another name than the domain */
export function findCertificate(names: readonly string[]): string {
  return `find_certificate ${words(names)}`;
}

/** certbot brings them, in a place that differs by its version. @param packaged below its libraries, the newest version's first */
export function packagedFileScript(path: string, packaged: readonly string[]): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [
    `for file in ${packaged.map((each) => `/usr/lib/python3/dist-packages/${each}`).join(' ')}; do`,
    `  [ ! -e "$file" ] || put ${path} <"$file"`,
    'done',
    `[ -e ${path} ] || fail 'certbot does not have ${name}: install python3-certbot-nginx.'`,
  ];
}
