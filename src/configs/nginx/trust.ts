import { hasOddBlanks } from '../odd-blanks.ts';
import { type Directive, directives, type NginxNode, NginxSyntaxError, parseNginx } from './tree.ts';

/** Where nginx's own logs are; the folder is root's, so nobody else can put a link there. */
const LOG = /^(off|\/var\/log\/nginx\/[\w][\w.-]*)$/;
const CERTIFICATE = /^\/etc\/(letsencrypt|ssl)\/(?!.*\.\.)[\w./-]+$/;
const INCLUDED =
  /^(\/var\/www\/config\/(nginx_studio\.common\.conf|uwsgi_params)|\/etc\/letsencrypt\/options-ssl-nginx\.conf|(\/etc\/nginx\/)?(snippets\/)?[\w-][\w.-]*)$/;
const SERVED = /^\/(var\/www\/(blender-studio|html)|var\/lib\/letsencrypt\/webroot)(\/(?!.*\.\.)[\w./-]*)?$/;
const SOCKET = /^(unix:\/{0,2}\/var\/www\/[\w.-]+\.sock|127\.0\.0\.1:\d+|\[::1\]:\d+)$/;

/**
 * No socket in the file system: nginx sets its rights by its path after it was bound, and removes it by its path again
 * (ngx_connection.c, `ngx_open_listening_sockets`: chmod to 0666), as root, whatever www-data put there in between.
 */
const LISTENS = /^(?![uU][nN][iI][xX]:).*$/;

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
  listen: LISTENS,
  // In an `upstream` it is an address, else it has a block.
  server: SOCKET,
};

/** They say how nginx answers, and name nothing outside of the site. */
const HARMLESS =
  /^(http2|server_name|server_tokens|location|if|return|rewrite|set|break|upstream|map|default|hostnames|keepalive(_timeout|_requests)?|charset|expires|etag|add_header|default_type|types|try_files|error_page|internal|index|allow|deny|satisfy|real_ip_(header|recursive)|set_real_ip_from|sendfile|tcp_nopush|tcp_nodelay|send_timeout|log_not_found|gzip(_\w+)?|limit_(req|conn|rate)\w*|client_(max_body_size|body_buffer_size|body_timeout|header_timeout|header_buffer_size)|large_client_header_buffers|(proxy|uwsgi)_(set_header|hide_header|pass_header|redirect|http_version|buffering|buffers?|buffer_size|busy_buffers_size|request_buffering|max_temp_file_size|intercept_errors|(connect|read|send)_timeout|ignore_client_abort|cookie_path|param)|ssl_(protocols|ciphers|prefer_server_ciphers|ecdh_curve|session_(cache|timeout|tickets)|stapling|stapling_verify|reject_handshake))$/;

/**
 * What the workers do, which run as www-data: at a request, and with no file opened for them before. All else is taken for
 * something that root's own process does while it reads the configuration (nginx.org/en/docs/control.html: the master "reads
 * and evaluates configuration"): it opens logs for writing, makes and hands over folders, loads code, reads keys; and what a
 * module does of which nothing is known here, may be that as well.
 */
const BY_WORKERS =
  /^(root|alias|server|zone|autoindex\w*|random_index|dav_\w+|create_full_put_path|min_delete_depth|auth_basic(_user_file)?|auth_delay|auth_request(_set)?|limit_except|add_before_body|add_after_body|addition_types|add_trailer|sub_filter\w*|ssi\w*|mirror(_request_body)?|valid_referers|referer_hash_\w+|secure_link\w*|stub_status|split_clients|ip_hash|least_conn|random|hash|resolver(_timeout)?|absolute_redirect|port_in_redirect|server_name_in_redirect|\w+_hash_(max|bucket)_size|merge_slashes|msie_\w+|open_file_cache\w*|output_buffers|postpone_output|read_ahead|recursive_error_pages|request_pool_size|connection_pool_size|reset_timedout_connection|subrequest_output_buffer_size|underscores_in_headers|ignore_invalid_headers|if_modified_since|max_ranges|chunked_transfer_encoding|aio\w*|directio\w*|disable_symlinks|lingering_\w+|keepalive_\w+|client_body_in_\w+|sendfile_max_chunk|rewrite_log|uninitialized_variable_warn|log_format|log_subrequest|charset_(types|map)|override_charset|source_charset|gunzip\w*|image_filter\w*|slice|userid\w*|empty_gif|mp4\w*|flv|http2_\w+|http3\w*|ssl_(verify_client|verify_depth|early_data|buffer_size|ocsp\w*|stapling_responder)|more_(set|clear)(_input)?_headers|brotli\w*|fancyindex\w*|(proxy|fastcgi|uwsgi|scgi|grpc|memcached)_((?!(temp|cache)_path$|ssl_)\w+|ssl_(name|server_name|protocols|ciphers|session_reuse|verify|verify_depth)))$/;

export interface NginxDoubts {
  /** All that the document's files do not do, e.g. `proxy_pass http://10.0.0.1`. */
  readonly all: readonly string[];
  /** Those of it that give whoever wrote the file something of root's, and those of which nobody knows. */
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
  return { all: worded(found), byRoot: worded(found.filter(({ name }) => !BY_WORKERS.test(name))) };
}

/** Blocks of values, not of directives. */
const VALUES = ['map', 'types', 'geo', 'split_clients', 'charset_map'];

/** @param values whether it is the inside of such a block: values, but for `include`, which reads a file there too */
function beyond(nodes: readonly NginxNode[], values: boolean): readonly Directive[] {
  return directives(nodes).flatMap((directive) => {
    const { name, args, block } = directive;
    const rule = Object.hasOwn(JUDGED, name) ? JUDGED[name] : undefined;
    const fine =
      rule === undefined
        ? values || HARMLESS.test(name)
        : rule.test(args[0]?.text ?? '') || (name === 'server' && block !== undefined);
    const inside = block === undefined ? [] : beyond(block.nodes, VALUES.includes(name));
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
  values: VALUES,
  judged: Object.fromEntries(Object.entries(JUDGED).map(([name, rule]) => [name, rule.source])),
};
