import { hasOddBlanks } from '../odd-blanks.ts';
import { type Directive, directives, type NginxNode, NginxSyntaxError, parseNginx } from './tree.ts';

/** Where nginx's own logs are; the folder is root's, so nobody else can put a link there. */
const LOG = /^(off|\/var\/log\/nginx\/[\w][\w.-]*)$/;
const CERTIFICATE = /^\/etc\/(letsencrypt|ssl)\/(?!.*\.\.)[\w./-]+$/;
const INCLUDED =
  /^(\/var\/www\/config\/(nginx_studio\.common\.conf|uwsgi_params)|\/etc\/letsencrypt\/options-ssl-nginx\.conf|(\/etc\/nginx\/)?(snippets\/)?[\w-][\w.-]*)$/;
const SERVED = /^\/(var\/www\/(blender-studio|html)|var\/lib\/letsencrypt\/webroot)(\/(?!.*\.\.)[\w./-]*)?$/;
const SOCKET = /^(unix:\/{0,2}\/var\/www\/[\w.-]+\.sock|127\.0\.0\.1:\d+|\[::1\]:\d+)$/;

/** Directives that name a file, a program or another server: only as the document's files name them, by the first argument. */
const JUDGED: Readonly<Record<string, RegExp>> = {
  access_log: LOG,
  error_log: LOG,
  include: INCLUDED,
  ssl_certificate: CERTIFICATE,
  ssl_certificate_key: CERTIFICATE,
  ssl_trusted_certificate: CERTIFICATE,
  ssl_dhparam: CERTIFICATE,
  root: SERVED,
  alias: SERVED,
  proxy_pass: /^http:\/\/(127\.0\.0\.1|localhost):7700(\/[\w./-]*)?$/,
  uwsgi_pass: new RegExp(`^\\w+$|${SOCKET.source}`),
  // In an `upstream` it is an address, else it has a block.
  server: SOCKET,
};

/** They say how nginx answers, and name nothing outside of the site. */
const HARMLESS =
  /^(listen|http2|server_name|server_tokens|location|if|return|rewrite|set|break|upstream|map|default|hostnames|keepalive(_timeout|_requests)?|charset|expires|etag|add_header|default_type|types|try_files|error_page|internal|index|allow|deny|satisfy|sendfile|tcp_nopush|tcp_nodelay|send_timeout|log_not_found|gzip(_\w+)?|limit_(req|conn|rate)\w*|client_(max_body_size|body_buffer_size|body_timeout|header_timeout|header_buffer_size)|large_client_header_buffers|(proxy|uwsgi)_(set_header|hide_header|pass_header|redirect|http_version|buffering|buffers?|buffer_size|busy_buffers_size|request_buffering|max_temp_file_size|intercept_errors|(connect|read|send)_timeout|ignore_client_abort|cookie_path|param)|ssl_(protocols|ciphers|prefer_server_ciphers|ecdh_curve|session_(cache|timeout|tickets)|stapling|stapling_verify|reject_handshake))$/;

/**
 * What root's own nginx process does while it reads the file: it opens logs for writing, makes and hands over folders, loads
 * code, reads keys (nginx.org/en/docs/control.html: the master "reads and evaluates configuration"; workers serve).
 */
const BY_ROOT =
  /^(access_log|error_log|include|load_module|user|pid|lock_file|env|daemon|debug_points|master_process|working_directory|worker_\w+|\w+_temp_path|\w+_cache_path|ssl_(certificate|certificate_key|trusted_certificate|client_certificate|dhparam|password_file|engine|stapling_file|crl|session_ticket_key)|\w*lua\w*|perl\w*|js_\w+|google_perftools_profiles|geoip\w*|xslt\w*)$/;

export interface NginxDoubts {
  /** All that the document's files do not do, e.g. `proxy_pass http://10.0.0.1`. */
  readonly all: readonly string[];
  /** Those of it that give whoever wrote the file something of root's. */
  readonly byRoot: readonly string[];
}

/**
 * What a file of nginx's has it do beyond what the document's files do. Who wrote the file can't be known: the checkout and
 * /var/www/config are www-data's. The list says what is known to be harmless; all else is asked about.
 * @param source of a file below `http`, as those of sites-enabled are
 */
export function nginxDoubts(source: string): NginxDoubts {
  const nodes = read(source);
  if (typeof nodes === 'string') return { all: [nodes], byRoot: [nodes] };
  const found = beyond(nodes, false);
  const worded = (each: readonly Directive[]) =>
    each.map(({ words }) => words.map(({ text }) => text).join(' '));
  return { all: worded(found), byRoot: worded(found.filter(({ name }) => BY_ROOT.test(name))) };
}

/** @param values whether it is the inside of a `map` or `types`: values, but for `include`, which reads a file there too */
function beyond(nodes: readonly NginxNode[], values: boolean): readonly Directive[] {
  return directives(nodes).flatMap((directive) => {
    const { name, args, block } = directive;
    const rule = Object.hasOwn(JUDGED, name) ? JUDGED[name] : undefined;
    const fine =
      rule === undefined
        ? values || HARMLESS.test(name)
        : rule.test(args[0]?.text ?? '') || (name === 'server' && block !== undefined);
    const inside = block === undefined ? [] : beyond(block.nodes, name === 'map' || name === 'types');
    return fine ? inside : [directive, ...inside];
  });
}

/** @returns what stands in it, or why nobody can tell */
function read(source: string): readonly NginxNode[] | string {
  if (hasOddBlanks(source)) return 'a character that nginx may read in another way than it looks';
  try {
    return parseNginx(source);
  } catch (error) {
    if (error instanceof NginxSyntaxError) return error.message;
    throw error;
  }
}

/** The same rules as data, for a program that is not this one: expressions, each for the whole of what it is about. */
export const NGINX_RULES = {
  harmless: HARMLESS.source,
  judged: Object.fromEntries(Object.entries(JUDGED).map(([name, rule]) => [name, rule.source])),
};
