import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { descendants, directives, NginxSyntaxError, parseNginx } from '../../../src/configs/nginx/tree.ts';

function words(source: string): string[][] {
  return [...descendants(parseNginx(source))].map((directive) => directive.words.map(({ text }) => text));
}

describe('parseNginx', () => {
  test.each<[string, string[][]]>([
    ['listen 80;', [['listen', '80']]],
    ['listen\t80\n  default_server ;', [['listen', '80', 'default_server']]],
    ['a "b c" \'d;e\' "f{}";', [['a', 'b c', 'd;e', 'f{}']]],
    [
      'a "say \\"hi\\"" \'it\\\'s\' "tab\\there" "dot\\.";',
      [['a', 'say "hi"', "it's", 'tab\there', 'dot\\.']],
    ],
    ['a b"c#d;', [['a', 'b"c#d']]],
    ['a b\\;c;', [['a', 'b\\;c']]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx's own
    ['set $p ${host}x${uri};', [['set', '$p', '${host}x${uri}']]],
    ['a b}c;', [['a', 'b}c']]],
    [
      'if ($host !~* "^(a)$") { return 444; }',
      [
        ['if', '($host', '!~*', '^(a)$', ')'],
        ['return', '444'],
      ],
    ],
    ['server_name ~^(www\\.)?a\\.org$;', [['server_name', '~^(www\\.)?a\\.org$']]],
    ['# a { ; "\nb; # c }\nd;', [['b'], ['d']]],
    ['a "two\nlines";', [['a', 'two\nlines']]],
    ['', []],
  ])('reads %j', (source, expected) => {
    expect(words(source)).toEqual(expected);
  });

  test('knows where things stand', () => {
    const source = 'http {\n  # note\n  server { listen 80; }\n}\n';
    const [http] = directives(parseNginx(source));
    const [server] = directives(http?.block?.nodes ?? []);
    expect(http && source.slice(http.start, http.end)).toBe(source.trim());
    expect(server && source.slice(server.start, server.end)).toBe('server { listen 80; }');
    expect(server?.line).toBe(3);
    expect(http?.block?.nodes[0]).toMatchObject({ kind: 'comment', line: 2 });
  });

  test.each([
    ['server {', /line 1: the block of "server" is never closed/],
    ['a;\n}', /line 2: "}" without a block/],
    ['a;\n\nlisten 80', /line 3: "listen" is not ended/],
    ['server {\n listen 80\n}', /line 2: "listen" is not ended/],
    ['a;\nb "c;', /line 2: the quote " is never closed/],
    ['a "b"c;', /line 1: unexpected "c" after a quoted text/],
    [';', /line 1: unexpected ";"/],
    ['{ }', /line 1: unexpected "\{"/],
    ['a b\\', /line 1: a backslash at the end of the file/],
  ])('refuses %j', (source, message) => {
    expect(() => parseNginx(source)).toThrow(NginxSyntaxError);
    expect(() => parseNginx(source)).toThrow(message);
  });

  test('any text is read or refused, and all of its directives lie in order within it', () => {
    const piece = fc.constantFrom(
      'server',
      ' ',
      '{',
      '}',
      ';',
      '\n',
      '"',
      "'",
      '\\',
      '#',
      '$',
      '${',
      'a.org',
      ')',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const source = pieces.join('');
        try {
          let position = 0;
          for (const { start, end } of directives(parseNginx(source))) {
            expect(start).toBeGreaterThanOrEqual(position);
            expect(source.slice(start, end)).toMatch(/[;}]$/);
            position = end;
          }
        } catch (error) {
          expect(error).toBeInstanceOf(NginxSyntaxError);
        }
      }),
    );
  });
});
