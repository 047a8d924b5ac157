import { template } from '../../../templates/index.ts';
import { fill } from '../fill.ts';
import { safePath } from './own.ts';
import { sharedListen } from './redirects.ts';
import { addressedNames, type Server, siteServer } from './site.ts';
import { type Directive, directives, parseNginx } from './tree.ts';
import { NoSiteServerError } from './vhost.ts';

export interface MaintenanceOptions {
  /** Names of the site, by which its server is told from others of the file. */
  readonly names: readonly string[];
  /** Absolute path of certbot's folder of the site's certificate: for a site that gets its files by an include. */
  readonly certificate: string;
  /** Absolute path of the folder for certificate challenges. */
  readonly webroot: string;
  /** Seconds after which a client is to come again. */
  readonly retryAfter: number;
}

/**
 * A server of its own for the site's names at the site's addresses, which answers every request with HTTP 503, Retry-After
 * and the maintenance page. It takes the place of the site's where nginx reads it first: a name that comes again at the same
 * address is ignored with a warning (nginx, src/http/ngx_http.c, `ngx_http_server_names`). Another account can write the
 * site's file: only names, addresses and paths of certificates are taken from it, each only in its plain form.
 * @param source the site's own file of nginx
 * @throws {NginxSyntaxError} for a source that can not be read
 * @throws {NoSiteServerError} when it has no HTTPS site
 */
export function maintenanceServer(source: string, options: MaintenanceOptions): string {
  const site = siteServer(parseNginx(source), options.names);
  const names = site === undefined ? [] : addressedNames(site);
  if (site === undefined || names.length === 0) throw new NoSiteServerError();
  const own = [
    ...listensOf(site),
    `server_name ${names.join(' ')};`,
    ...certificateLines(site, options.certificate),
    ...template('snippets/tls.conf').trimEnd().split('\n'),
  ];
  return fill(template('snippets/maintenance.conf'), {
    webroot: safePath(options.webroot),
    retry_after: String(options.retryAfter),
    page: maintenancePage(),
  }).replace('server {\n', (begin) => `${begin}${own.map((line) => `    ${line}\n`).join('')}\n`);
}

/**
 * On one line. nginx reads parameters of less than 4096 bytes (src/core/ngx_conf_file.c, `NGX_CONF_BUFFER`), ends this one at
 * a quote, and takes a dollar for a variable (ngx_http_rewrite_module, `return`): the page has neither.
 * @returns the page as visitors get it
 */
export function maintenancePage(): string {
  return template('snippets/maintenance.html').replaceAll('\n', '');
}

/** @returns the seconds that a text of {@link maintenanceServer} has; `undefined` for another text */
export function retryAfterIn(text: string): number | undefined {
  const seconds = /^ *add_header Retry-After (\d+) always;$/m.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** A port, an address, or both: what else may stand there, a socket in the file system say, root would act on. */
const PLAIN_LISTEN = /^(\d+|(\*|[\d.]+|\[[\da-f:.]*\])(:\d+)?)( (ssl|http2|quic|proxy_protocol))*$/i;

function listensOf({ block }: Server): readonly string[] {
  const found = directives(block.nodes, 'listen')
    .map(({ args }) => sharedListen(args.map(({ text }) => text).join(' ')))
    .filter((listen) => PLAIN_LISTEN.test(listen));
  return (found.length > 0 ? found : ['443 ssl']).map((listen) => `listen ${listen};`);
}

function certificateLines({ block }: Server, folder: string): readonly string[] {
  const files = (name: string, file: string) => {
    const found = directives(block.nodes, name).map(pathOf);
    return (found.length > 0 ? found : [`${folder}/${file}`]).map((path) => `${name} ${safePath(path)};`);
  };
  return [...files('ssl_certificate', 'fullchain.pem'), ...files('ssl_certificate_key', 'privkey.pem')];
}

function pathOf({ args }: Directive): string {
  return args[0]?.text ?? '';
}
