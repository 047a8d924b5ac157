import { posix } from 'node:path';
import { type Directive, directives, type NginxNode, NginxSyntaxError, parseNginx } from './tree.ts';

/** A `server { … }` that nginx has read, wherever it stands. */
export interface ServerInForce {
  /** The file as nginx names it, and the line of `server`. */
  readonly file: string;
  readonly line: number;
  /** As written: also `_`, `*.example.org`, `.example.org`, `~^…$`. In lower case, but for patterns. */
  readonly names: readonly string[];
  readonly listens: readonly Listen[];
  /** `stream` servers take connections before anybody knows a name. */
  readonly kind: 'http' | 'stream';
}

export interface Listen {
  /** `*` and `[::]` for all addresses; else an address, IPv6 in brackets; `unix:…`. */
  readonly address: string;
  /** 0 for a Unix socket. */
  readonly port: number;
  readonly isDefault: boolean;
}

/** What `nginx -T` says: the files that nginx reads, and the servers in them in nginx's order. */
export interface InForce {
  /** Path → text. */
  readonly files: ReadonlyMap<string, string>;
  readonly servers: readonly ServerInForce[];
  /** Absolute patterns of files that are read for servers of HTTP. */
  readonly includes: readonly string[];
}

/** @returns whether nginx reads a file, or would if it were there, for servers of HTTP */
export function isRead({ includes }: InForce, file: string): boolean {
  return includes.some((pattern) => globPattern(pattern).test(file));
}

/** What nginx writes before each file (src/core/nginx.c, ngx_dump_config): `# configuration file PATH:`. */
const HEADING = /^# configuration file (.*):\n/gm;

/**
 * @param dump standard output of `nginx -T`
 * @returns `undefined` for a dump that does not begin with a file: of a very long one only the end is there
 */
export function parseInForce(dump: string): InForce | undefined {
  const headings = [...dump.matchAll(HEADING)];
  const [first] = headings;
  if (first === undefined || first.index !== 0) return undefined;
  const files = new Map<string, string>();
  headings.forEach((heading, index) => {
    const text = dump.slice(heading.index + heading[0].length, headings[index + 1]?.index);
    // Of a comment that looks like a heading nothing is made: the first text under a name is nginx's.
    if (!files.has(heading[1] ?? '')) files.set(heading[1] ?? '', text);
  });
  const main = first[1] ?? '';
  const reader = new Reader(files, posix.dirname(main));
  const contexts = reader
    .inFile(main)
    .filter(({ directive: { name } }) => name === 'http' || name === 'stream');
  return {
    files,
    servers: contexts.flatMap((context) => reader.servers(context)),
    includes: contexts
      .filter(({ directive }) => directive.name === 'http')
      .flatMap(({ directive }) => reader.includes(directive.block?.nodes ?? [])),
  };
}

/** A directive with the file that it stands in. */
interface Placed {
  readonly file: string;
  readonly directive: Directive;
}

/** Follows `include` as nginx does: relative to the folder of nginx.conf, a pattern in the order of names. */
class Reader {
  readonly #trees = new Map<string, readonly NginxNode[]>();
  readonly #files: ReadonlyMap<string, string>;
  readonly #folder: string;

  constructor(files: ReadonlyMap<string, string>, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  inFile(file: string): readonly Placed[] {
    return this.#within(file, this.#tree(file));
  }

  servers(context: Placed): readonly ServerInForce[] {
    return this.#inBlock(context).flatMap((placed) => {
      if (placed.directive.name !== 'server' || placed.directive.block === undefined) return [];
      const inside = this.#inBlock(placed);
      const words = (name: string) =>
        inside.filter(({ directive }) => directive.name === name).map(({ directive }) => directive);
      const listens = words('listen').flatMap(listensOf);
      return [
        {
          file: placed.file,
          line: placed.directive.line,
          names: words('server_name').flatMap(({ args }) =>
            args.map(({ text }) => (text.startsWith('~') ? text : text.toLowerCase())),
          ),
          // Started by root, nginx listens on port 80 where nothing else is said.
          listens: listens.length > 0 ? listens : [{ address: '*', port: 80, isDefault: false }],
          kind: context.directive.name === 'stream' ? ('stream' as const) : ('http' as const),
        },
      ];
    });
  }

  /** Those that stand in the files included as well. */
  includes(nodes: readonly NginxNode[]): readonly string[] {
    return directives(nodes, 'include').flatMap(({ args: [first] }) => {
      if (first === undefined) return [];
      const files = this.#included(first.text);
      return [
        posix.resolve(this.#folder, first.text),
        ...files.flatMap((file) => this.includes(this.#tree(file))),
      ];
    });
  }

  #inBlock({ file, directive }: Placed): readonly Placed[] {
    return this.#within(file, directive.block?.nodes ?? []);
  }

  #within(file: string, nodes: readonly NginxNode[]): readonly Placed[] {
    return directives(nodes).flatMap((directive) =>
      directive.name === 'include' && directive.args[0] !== undefined
        ? this.#included(directive.args[0].text).flatMap((each) => this.inFile(each))
        : [{ file, directive }],
    );
  }

  #included(path: string): readonly string[] {
    const absolute = posix.resolve(this.#folder, path);
    if (this.#files.has(absolute)) return [absolute];
    const pattern = globPattern(absolute);
    return [...this.#files.keys()].filter((file) => pattern.test(file)).sort();
  }

  /** What this product can't read, nginx could: it says nothing of it rather than something wrong. */
  #tree(file: string): readonly NginxNode[] {
    const known = this.#trees.get(file);
    if (known !== undefined) return known;
    let tree: readonly NginxNode[] = [];
    try {
      tree = parseNginx(this.#files.get(file) ?? '');
    } catch (error) {
      if (!(error instanceof NginxSyntaxError)) throw error;
    }
    this.#trees.set(file, tree);
    return tree;
  }
}

/** glob(3), which nginx uses: no sign of it matches a slash, and a star no dot at the begin. */
export function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(/\[[^\]]*\]|[*?]|[.+^${}()|\\]/g, (sign, at: number) => {
    if (sign === '*') return glob[at - 1] === '/' ? '(?!\\.)[^/]*' : '[^/]*';
    if (sign === '?') return '[^/]';
    return sign.startsWith('[') && sign.length > 1 ? sign.replace('[!', '[^') : `\\${sign}`;
  });
  return new RegExp(`^${source}$`);
}

function listensOf({ args: [where, ...options] }: Directive): readonly Listen[] {
  const words = options.map(({ text }) => text);
  // QUIC takes UDP: another socket than what browsers come to first.
  if (where === undefined || words.includes('quic') || words.includes('udp')) return [];
  const isDefault = words.includes('default_server') || words.includes('default');
  const { text } = where;
  if (text.startsWith('unix:')) return [{ address: text, port: 0, isDefault }];
  const [, address = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [];
  if (/^\d+$/.test(address)) return [{ address: '*', port: Number(address), isDefault }];
  const all = address === '' || address === '0.0.0.0' ? '*' : address.toLowerCase();
  const at = { port: Number(port ?? 80), isDefault };
  return all === 'localhost'
    ? ['127.0.0.1', '[::1]'].map((each) => ({ address: each, ...at }))
    : [{ address: all, ...at }];
}
