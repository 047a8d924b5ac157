import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addEnvironment, environment, removeEnvironment } from '../../src/configs/environment.ts';

function service(...lines: string[]): string {
  return `[Service]\n${lines.join('\n')}\nRestart=no\n`;
}

describe('environment', () => {
  test.each<[string, Record<string, string>]>([
    ['Environment=A=1', { A: '1' }],
    ['Environment=A=1 B=2', { A: '1', B: '2' }],
    ['Environment="A=one two" B=\'it is "x"\'', { A: 'one two', B: 'it is "x"' }],
    ['Environment=A="one two"', { A: 'one two' }],
    ['Environment=A=50%%', { A: '50%' }],
    ['Environment=A=%h', { A: '%h' }],
    ['Environment="A=tab\\there" B=\\x41\\101', { A: 'tab\there', B: 'AA' }],
    ['Environment=A=a=b', { A: 'a=b' }],
    ['Environment=A=1 \\\n  B=2', { A: '1', B: '2' }],
    ['Environment=A=1 \\\n# B=2\n  C=3', { A: '1', C: '3' }],
    ['Environment=A=1\nEnvironment=A=2', { A: '2' }],
    ['Environment=A=1\nEnvironment=\nEnvironment=B=2', { B: '2' }],
    ['# Environment=A=1', {}],
    ['Environment=nothing 1A=b =c', {}],
  ])('reads %j', (lines, expected) => {
    expect(Object.fromEntries(environment(service(lines)))).toEqual(expected);
  });

  test('what was added is read back as it was, and goes without a trace', () => {
    const source = service('Environment=A=1');
    fc.assert(
      fc.property(
        fc.string().filter((value) => !/[\r\n\0]/.test(value)),
        (value) => {
          const added = addEnvironment(source, 'SECRET', value);
          expect(environment(added).get('SECRET')).toBe(value);
          expect(environment(added).get('A')).toBe('1');
          expect(removeEnvironment(added, 'SECRET')).toBe(source);
        },
      ),
    );
  });
});

describe('removeEnvironment', () => {
  test.each([
    ['Environment=A=1', ''],
    ['Environment=A=1 B=2', 'Environment=B=2'],
    ['Environment=B=2 A=1', 'Environment=B=2'],
    ['Environment=B=2 "A=x y"  C=3', 'Environment=B=2  C=3'],
    ['Environment=B=2 \\\n  A=1', 'Environment=B=2'],
    ['Environment=A=1 \\\n  B=2', 'Environment=B=2'],
    ['Environment=A=1\nEnvironment=\nEnvironment=A=2', 'Environment='],
    ['Environment=AA=1', 'Environment=AA=1'],
  ])('turns %j into %j', (before, after) => {
    expect(removeEnvironment(service(before), 'A')).toBe(
      after === '' ? '[Service]\nRestart=no\n' : service(after),
    );
  });
});
