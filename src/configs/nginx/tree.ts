import { NginxSyntaxError, type Token, tokens } from './tokens.ts';

export { NginxSyntaxError } from './tokens.ts';

type Word = Token & { readonly kind: 'word' };

interface Comment {
  readonly kind: 'comment';
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** A simple directive (`listen 80;`) or one with a block (`server { … }`); the range takes in `;` or `}`. */
export interface Directive {
  readonly kind: 'directive';
  readonly name: string;
  readonly args: readonly Word[];
  /** The name and the arguments: in a `map`, say, the name is a value as well. */
  readonly words: readonly Word[];
  readonly block?: NginxBlock;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export interface NginxBlock {
  /** Offset of `{`. */
  readonly open: number;
  /** Offset of `}`. */
  readonly close: number;
  readonly nodes: readonly NginxNode[];
}

export type NginxNode = Comment | Directive;

/**
 * Reads an nginx config into a tree that knows where everything stands in the source.
 * Own and small, as the libraries at hand print a config again and lose its layout.
 * @throws {NginxSyntaxError} with the line, for braces, quotes or semicolons that do not add up.
 */
export function parseNginx(source: string): readonly NginxNode[] {
  const stream = tokens(source);
  const { nodes, closedBy } = readNodes(stream);
  if (closedBy !== undefined) throw new NginxSyntaxError('"}" without a block to close', closedBy.line);
  return nodes;
}

function readNodes(stream: Generator<Token>): { nodes: NginxNode[]; closedBy?: Token } {
  const nodes: NginxNode[] = [];
  for (;;) {
    const { value: token } = stream.next();
    if (!token) return { nodes };
    if (token.kind === 'close') return { nodes, closedBy: token };
    if (token.kind === 'comment')
      nodes.push({ kind: 'comment', start: token.start, end: token.end, line: token.line });
    else if (isWord(token)) nodes.push(readDirective(token, stream));
    else throw new NginxSyntaxError(`unexpected "${token.text}"`, token.line);
  }
}

function readDirective(name: Word, stream: Generator<Token>): Directive {
  const args: Word[] = [];
  for (;;) {
    const { value: token } = stream.next();
    if (!token) throw new NginxSyntaxError(`"${name.text}" is not ended by ";"`, name.line);
    const { text, start, line } = name;
    const common = { kind: 'directive', name: text, args, words: [name, ...args], start, line } as const;
    if (token.kind === 'semicolon') return { ...common, end: token.end };
    if (token.kind === 'open') {
      const { nodes, closedBy } = readNodes(stream);
      if (!closedBy) throw new NginxSyntaxError(`the block of "${name.text}" is never closed`, name.line);
      return { ...common, block: { open: token.start, close: closedBy.start, nodes }, end: closedBy.end };
    }
    if (token.kind === 'close') throw new NginxSyntaxError(`"${name.text}" is not ended by ";"`, name.line);
    if (isWord(token)) args.push(token);
  }
}

function isWord(token: Token): token is Word {
  return token.kind === 'word';
}

/** The directives right inside a block, those of one name if a name is given. */
export function directives(nodes: readonly NginxNode[], name?: string): Directive[] {
  return nodes.filter(
    (node): node is Directive => node.kind === 'directive' && (name === undefined || node.name === name),
  );
}

/** All directives at any depth, in the order of the source. */
export function* descendants(nodes: readonly NginxNode[]): Generator<Directive> {
  for (const directive of directives(nodes)) {
    yield directive;
    if (directive.block) yield* descendants(directive.block.nodes);
  }
}
