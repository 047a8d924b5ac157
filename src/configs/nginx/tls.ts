import type { Edit } from '../../text/edits.ts';
import { indentation } from '../lines.ts';
import { removal, replaceArguments } from './names.ts';
import { listens, type Server } from './site.ts';
import { type Directive, directives, parseNginx } from './tree.ts';

const LIVE = '/etc/letsencrypt/live';

const FILES = new Map([
  ['ssl_certificate', 'fullchain.pem'],
  ['ssl_certificate_key', 'privkey.pem'],
  ['ssl_trusted_certificate', 'chain.pem'],
]);

/** Points the certificate lines to certbot's files of that name; a second pair (say RSA beside ECDSA) goes. */
export function certificateEdits(source: string, server: Server, certificate: string): Edit[] {
  const edits = [...FILES].flatMap(([name, file]) => {
    const [first, ...others] = directives(server.block.nodes, name);
    if (!first) return [];
    return [
      replaceArguments(first, `${LIVE}/${certificate}/${file}`),
      ...others.map((directive) => removal(source, directive)),
    ];
  });
  return directives(server.block.nodes, 'ssl_certificate').length > 0
    ? edits
    : [...edits, addCertificate(source, server, certificate)];
}

function addCertificate(source: string, server: Server, certificate: string): Edit {
  const listen = listens(server, 443).at(-1);
  const at = listen?.end ?? server.block.open + 1;
  const indent = listen ? indentation(source, listen.start) : '    ';
  const line = (name: string, file: string): string => `\n${indent}${name} ${LIVE}/${certificate}/${file};`;
  return {
    start: at,
    end: at,
    text: line('ssl_certificate', 'fullchain.pem') + line('ssl_certificate_key', 'privkey.pem'),
  };
}

/**
 * Puts TLS settings in place of `include …/options-ssl-nginx.conf` and `ssl_dhparam …/ssl-dhparams.pem`: `certbot
 * certonly --webroot` leaves neither file, and nginx refuses a config that names a missing one.
 * A setting that the server has already is not written again, as nginx takes a second one for an error.
 * @param settings text of the directives, comments included.
 */
export function inlineTlsEdits(source: string, server: Server, settings: string): Edit[] {
  const { nodes } = server.block;
  const references = directives(nodes).filter(isCertbotFile);
  const [first, ...others] = references;
  if (!first) return [];
  const present = new Set(
    directives(nodes)
      .filter((directive) => !references.includes(directive))
      .map(({ name }) => name),
  );
  const lines = missingSettings(settings, present);
  const { start, end } = removal(source, first);
  const indent = indentation(source, first.start);
  const text = lines.map((line) => `${indent}${line}\n`).join('');
  return [
    { start, end, text: start === first.start ? text.trim() : text },
    ...others.map((directive) => removal(source, directive)),
  ];
}

function isCertbotFile({ name, args }: Directive): boolean {
  const path = args[0]?.text ?? '';
  return (
    (name === 'include' || name === 'ssl_dhparam') &&
    /\/(options-ssl-nginx\.conf|ssl-dhparams\.pem)$/.test(path)
  );
}

function missingSettings(settings: string, present: ReadonlySet<string>): string[] {
  return parseNginx(settings).flatMap((node) =>
    node.kind === 'directive' && present.has(node.name) ? [] : [settings.slice(node.start, node.end)],
  );
}
