import { describe, expect, it } from 'vitest';
import { deployAdvice } from '../../src/site/deploy-advice.ts';

const WARNING = 30;
/** What Django 3.2 says of a project as `startproject` makes it, once DEBUG is off (django/core/checks/security). */
const warnings = [
  ['security.W004', 'You have not set a value for the SECURE_HSTS_SECONDS setting. If your entire site is'],
  ['security.W008', 'Your SECURE_SSL_REDIRECT setting is not set to True. Unless your site should be'],
  ['security.W012', 'SESSION_COOKIE_SECURE is not set to True. Using a secure-only session cookie makes'],
  ['security.W016', "You have 'django.middleware.csrf.CsrfViewMiddleware' in your MIDDLEWARE, but"],
].map(([id = '', message = '']) => ({ id, message, level: WARNING }));

describe('warnings of check --deploy', () => {
  it('are told once, each with the assignment that settles it and what for', () => {
    const [advice, ...more] = deployAdvice(warnings);
    expect(more).toEqual([]);
    expect(advice).toContain('SESSION_COOKIE_SECURE = True (logins are then never sent over plain HTTP)');
    expect(advice).toContain('CSRF_COOKIE_SECURE = True');
    expect(advice).toContain('Proposed lines: SECURE_HSTS_SECONDS = 3600');
    expect(advice).toContain('sudo -Hu www-data editor /var/www/blender-studio/studio/settings.py');
  });

  it('are told in the same words in whatever order Django has them', () => {
    expect(deployAdvice(warnings.toReversed())).toEqual(deployAdvice(warnings));
  });

  it('are not told where nginx does it already, or where they only matter with HSTS', () => {
    const ids = ['security.W005', 'security.W008', 'security.W021'];
    expect(deployAdvice(ids.map((id) => ({ id, message: 'x', level: WARNING })))).toEqual([]);
    expect(deployAdvice([])).toEqual([]);
  });

  it('that are not known are told as Django tells them, with where to read about it', () => {
    const id = 'fields.W342';
    const message = 'Setting unique=True on a ForeignKey has the same effect as a OneToOneField. More.';
    expect(deployAdvice([{ id, message, level: WARNING }])).toEqual([
      'manage.py check --deploy: Setting unique=True on a ForeignKey has the same effect as a OneToOneField (fields.W342). Look it up in Django\'s documentation, "System check framework".',
    ]);
  });
});
