import { describe, expect, it } from 'vitest';
import { inWords } from '../../src/output/in-words.ts';

describe('what a screen reader is given', () => {
  it.each([
    ['\x1b[32m✓\x1b[39m Nginx › write the site (0.1 s)', 'Done: Nginx, write the site (0.1 s)'],
    ['  ✗ nginx -t failed', '  Failed: nginx -t failed'],
    ['○ Not set up: Braintree.', 'Not done: Not set up: Braintree.'],
    ['! The clock is wrong.', 'Note: The clock is wrong.'],
    ['? Domain: ', 'Question: Domain: '],
    ['  + /etc/a  ≠', '  New: /etc/a  (other than the document says)'],
    ['password=••••••', 'password=(hidden)'],
    ['  Disk        ···▇▆▆  5.0 GB left on /', '  Disk: 5.0 GB left on /'],
    ['one\n✓ two', 'one\nDone: two'],
  ])('%j', (printed, said) => expect(inWords(printed)).toBe(said));

  it('a line that only looks marked stays as it is', () => {
    expect(inWords('+added in a difference\n~tilde')).toBe('+added in a difference\n~tilde');
  });
});
