import { describe, expect, test } from 'vitest';
import { fill, TemplateError } from '../../src/configs/fill.ts';

describe('fill', () => {
  test('fills each place of a hole, and nothing else', () => {
    expect(fill('a {{x}} { {{y}} } {{x}};', { x: '1', y: '2' })).toBe('a 1 { 2 } 1;');
  });

  test('takes a value literally', () => {
    expect(fill('{{x}}', { x: '$& {{x}} $1' })).toBe('$& {{x}} $1');
  });

  test.each<[string, string, Record<string, string>, RegExp]>([
    ['a hole without a value', '{{x}} {{y}}', { x: '1' }, /no value for the hole y/],
    ['a value without a hole', '{{x}}', { x: '1', z: '2' }, /no hole z/],
    ['an inherited name', '{{constructor}}', {}, /constructor/],
    ['a malformed hole', '{{x}} {{ X }}', { x: '1' }, /malformed/],
    ['a line break in a value', '{{x}}', { x: 'a\nb' }, /control character/],
  ])('refuses %s', (_, template, values, message) => {
    expect(() => fill(template, values)).toThrow(TemplateError);
    expect(() => fill(template, values)).toThrow(message);
  });

  test('never repeats a value in its message', () => {
    expect(() => fill('{{x}}', { x: 's3cret\n' })).not.toThrow(/s3cret/);
  });
});
