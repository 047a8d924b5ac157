import { describe, expect, test } from 'vitest';
import {
  iniValue,
  iniValues,
  setIniValue,
  setPythonPlugin,
  withoutPythonPlugin,
} from '../../src/configs/ini.ts';

const SITE = `# The site
[uwsgi]
; where it is
chdir           = /var/www/blender-studio
plugin          = python38
virtualenv\t= /var/www/venv
master
env = A=b # no comment

socket          = /var/www/studio.sock
processes = 2
processes       = 4

[other]
processes = 9
`;

describe('reading', () => {
  test('takes the last value of the uwsgi section', () => {
    expect(iniValues(SITE, 'processes')).toEqual(['2', '4']);
    expect(iniValue(SITE, 'processes')).toBe('4');
    expect(iniValue(SITE, 'virtualenv')).toBe('/var/www/venv');
  });

  test('takes a value to the end of its line, as uWSGI does', () => {
    expect(iniValue(SITE, 'env')).toBe('A=b # no comment');
  });

  test('a key alone is true, a missing or commented one is none', () => {
    expect(iniValue(SITE, 'master')).toBe('true');
    expect(iniValue(SITE, 'nothing')).toBeUndefined();
    expect(iniValue('[uwsgi]\n#a = b\n ;c = d\n', 'a')).toBeUndefined();
  });
});

describe('setIniValue', () => {
  test.each([
    ['processes', '8', 'processes       = 4', 'processes       = 8'],
    ['virtualenv', '/srv/venv', 'virtualenv\t= /var/www/venv', 'virtualenv\t= /srv/venv'],
    ['master', 'false', '\nmaster\n', '\nmaster = false\n'],
    ['vacuum', 'true', 'processes       = 4\n', 'processes       = 4\nvacuum = true\n'],
  ])('changes nothing but the value of %s', (key, value, before, after) => {
    expect(setIniValue(SITE, key, value)).toBe(SITE.replace(before, after));
  });

  test('makes the section when it is missing', () => {
    expect(setIniValue('', 'a', 'b')).toBe('[uwsgi]\na = b\n');
    expect(setIniValue('[x]\na = 1', 'a', 'b')).toBe('[x]\na = 1\n[uwsgi]\na = b\n');
  });

  test('keeps Windows line breaks, and blanks behind a value', () => {
    expect(setIniValue('[uwsgi]\r\na = 1  \r\nb=2\r\n', 'a', '3')).toBe('[uwsgi]\r\na = 3  \r\nb=2\r\n');
    expect(setIniValue('[uwsgi]\r\na = 1\r\n', 'c', '3')).toBe('[uwsgi]\r\na = 1\r\nc = 3\r\n');
  });

  test('refuses what would begin a new line', () => {
    expect(() => setIniValue(SITE, 'a', 'b\nexec-asap = c')).toThrow(TypeError);
    expect(() => setIniValue(SITE, 'a = b\nc', 'd')).toThrow(TypeError);
  });
});

describe('setPythonPlugin', () => {
  test.each([
    ['plugin          = python38', 'plugin          = python311'],
    ['plugins = http, python3,logfile', 'plugins = http, python311,logfile'],
    ['plugin = 0:python', 'plugin = 0:python311'],
    ['plugins=/usr/lib/uwsgi/plugins/python3.8_plugin.so', 'plugins=python311'],
    ['plugin = python3\nplugin = cgi', 'plugin = python311\nplugin = cgi'],
  ])('turns %j into %j', (before, after) => {
    const rest = '\nmodule = studio.wsgi\nvirtualenv = /var/python38\n';
    expect(setPythonPlugin(`[uwsgi]\n${before}${rest}`, 'python311')).toBe(`[uwsgi]\n${after}${rest}`);
  });

  test('adds the plugin before all that needs it', () => {
    expect(setPythonPlugin('# x\n[uwsgi]\nmodule = a\nplugin = http\n', 'python3')).toBe(
      '# x\n[uwsgi]\nplugin = python3\nmodule = a\nplugin = http\n',
    );
    expect(setPythonPlugin('', 'python3')).toBe('[uwsgi]\nplugin = python3\n');
  });

  test('changes nothing when it is right already', () => {
    expect(setPythonPlugin(SITE, 'python38')).toBe(SITE);
  });

  test("refuses another plugin's name", () => {
    expect(() => setPythonPlugin(SITE, 'php')).toThrow(TypeError);
    expect(() => setPythonPlugin(SITE, 'python3\nexec-asap = a')).toThrow(TypeError);
  });
});

describe('withoutPythonPlugin', () => {
  test.each([
    ['plugin          = python38\n', ''],
    ['plugin = 0:python\n', ''],
    ['plugins=/usr/lib/uwsgi/plugins/python3.8_plugin.so\n', ''],
    ['need-plugin = python311\n', ''],
    ['need-plugins = python311\n', ''],
    ['plugins = http, python3,logfile\n', 'plugins = http,logfile\n'],
    ['plugins = python3, http\n', 'plugins = http\n'],
    ['plugins = http,python311\n', 'plugins = http\n'],
    ['plugin = python3\nplugin = cgi\n', 'plugin = cgi\n'],
    ['plugin = python3\nplugin = python311\n', ''],
    ['plugin = pythonic\n', 'plugin = pythonic\n'],
    ['# plugin = python3\n', '# plugin = python3\n'],
    ['python3-plugin-note = python3\n', 'python3-plugin-note = python3\n'],
    ['', ''],
  ])('turns %j into %j', (before, after) => {
    const rest = 'module = studio.wsgi\nvirtualenv = /var/python38\n';
    expect(withoutPythonPlugin(`[uwsgi]\n${before}${rest}`)).toBe(`[uwsgi]\n${after}${rest}`);
  });

  test('keeps Windows line breaks', () => {
    expect(withoutPythonPlugin('[uwsgi]\r\nplugin = python3\r\nmaster = true\r\n')).toBe(
      '[uwsgi]\r\nmaster = true\r\n',
    );
  });

  test.each([
    ['[uwsgi]\nmaster = true\nplugin = python3', '[uwsgi]\nmaster = true\n'],
    ['[uwsgi]\nplugins = http,python3', '[uwsgi]\nplugins = http'],
    ['[other]\nplugin = python3\n', '[other]\nplugin = python3\n'],
    ['', ''],
  ])('%j, at the end of a file or in another section', (before, after) => {
    expect(withoutPythonPlugin(before)).toBe(after);
  });

  test('changes nothing twice', () => {
    const once = withoutPythonPlugin(SITE);
    expect(once).toBe(SITE.replace('plugin          = python38\n', ''));
    expect(withoutPythonPlugin(once)).toBe(once);
  });
});
