import { expect, test } from 'vitest';
import { CannotManage } from '../../src/python/errors.ts';
import { parseSettings } from '../../src/python/settings-file.ts';

const INSECURE = ['os.environ', 'OAUTHLIB_INSECURE_TRANSPORT'];

const OUT: readonly [what: string, before: string, after: string][] = [
  [
    'double quotes',
    'os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"\n',
    '# os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"\n',
  ],
  [
    'single quotes, another value',
    "os.environ['OAUTHLIB_INSECURE_TRANSPORT']='true'",
    "# os.environ['OAUTHLIB_INSECURE_TRANSPORT']='true'",
  ],
  [
    'every one',
    "os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\nA = 1\nos.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\n",
    "# os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\nA = 1\n# os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\n",
  ],
  [
    'several lines, CRLF',
    "os.environ[\n    'OAUTHLIB_INSECURE_TRANSPORT'\n] = '1'  # c\nA = 1\n".replaceAll('\n', '\r\n'),
    "# os.environ[\n#     'OAUTHLIB_INSECURE_TRANSPORT'\n# ] = '1'  # c\nA = 1\n".replaceAll('\n', '\r\n'),
  ],
  [
    'setdefault',
    "os.environ.setdefault('OAUTHLIB_INSECURE_TRANSPORT', '1')\n",
    "# os.environ.setdefault('OAUTHLIB_INSECURE_TRANSPORT', '1')\n",
  ],
  [
    'alone in a block',
    "if D:\n    os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\nA = 1\n",
    "if D:\n    pass\n    # os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\nA = 1\n",
  ],
  [
    'in company in a block',
    "if D:\n\tX = 1\n\tos.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\n",
    "if D:\n\tX = 1\n\t# os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\n",
  ],
  [
    'on the line of its block',
    "if D: os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'  # c\n",
    "# os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\nif D: pass  # c\n",
  ],
  [
    'first on a shared line',
    "os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'; A = 1\n",
    "# os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\nA = 1\n",
  ],
  [
    'last on a shared line',
    "if D:\n  A = '''\n'''; os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'  # c\n",
    "if D:\n  # os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\n  A = '''\n'''  # c\n",
  ],
  [
    'with a semicolon behind it',
    "os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1';\n",
    "# os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1';\n",
  ],
  [
    'not in comments, not in functions, not other names',
    "# os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\ndef f():\n    os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\nos.environ['OTHER'] = '1'\ndel os.environ['OAUTHLIB_INSECURE_TRANSPORT']\n",
    "# os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\ndef f():\n    os.environ['OAUTHLIB_INSECURE_TRANSPORT'] = '1'\nos.environ['OTHER'] = '1'\ndel os.environ['OAUTHLIB_INSECURE_TRANSPORT']\n",
  ],
];

test.each(OUT)('commented out: %s', (_, before, after) => {
  const file = parseSettings(before).commentOut(INSECURE);
  expect(file.source).toBe(after);
  expect(file.commentOut(INSECURE)).toBe(file);
});

test('a statement that binds other names too is left to the operator', () => {
  const file = parseSettings('A = B = 1\n');
  expect(() => file.commentOut(['A'])).toThrow(CannotManage);
});

const LISTS: readonly [what: string, before: string, after: string][] = [
  ['an addition of its own', "INSTALLED_APPS += ['sslserver']\n", "# INSTALLED_APPS += ['sslserver']\n"],
  ['an addition of a tuple', "INSTALLED_APPS += ('sslserver',)\n", "# INSTALLED_APPS += ('sslserver',)\n"],
  ['the first of two', 'INSTALLED_APPS += ["sslserver", "x"]\n', 'INSTALLED_APPS += ["x"]\n'],
  ['the last of two', "INSTALLED_APPS += ['x', 'sslserver']\n", "INSTALLED_APPS += ['x']\n"],
  ['the last with a comma', "INSTALLED_APPS += ['x', 'sslserver',]\n", "INSTALLED_APPS += ['x',]\n"],
  ['the middle', "INSTALLED_APPS += ['x', 'sslserver', 'y']\n", "INSTALLED_APPS += ['x', 'y']\n"],
  [
    'a line of its own',
    "INSTALLED_APPS = [\n    'x',\n    'sslserver',\n    'y',\n]\n",
    "INSTALLED_APPS = [\n    'x',\n    'y',\n]\n",
  ],
  [
    'the last line',
    "INSTALLED_APPS = [\n    'x',\n    'sslserver'\n]\n",
    "INSTALLED_APPS = [\n    'x',\n]\n",
  ],
  [
    'a line with a comment',
    "INSTALLED_APPS = [\n    'sslserver',  # c\n    'y',\n]\n",
    "INSTALLED_APPS = [\n    # c\n    'y',\n]\n",
  ],
  [
    'the bracket on its line',
    "INSTALLED_APPS = ['x',  # c\n    'sslserver']\n",
    "INSTALLED_APPS = ['x',  # c\n    ]\n",
  ],
  [
    'the last of its line',
    "INSTALLED_APPS = ['x', 'sslserver',\n    'y']\n",
    "INSTALLED_APPS = ['x',\n    'y']\n",
  ],
  ['a tuple of two', "INSTALLED_APPS += ('sslserver', 'x')\n", "INSTALLED_APPS += ('x',)\n"],
  ['a tuple of two, the last', "INSTALLED_APPS += ('x', 'sslserver')\n", "INSTALLED_APPS += ('x',)\n"],
  ['the only one of a list stays a list', "INSTALLED_APPS = ['sslserver']\n", 'INSTALLED_APPS = []\n'],
  [
    'a sum',
    "INSTALLED_APPS = INSTALLED_APPS + ['sslserver'] + ['x', 'sslserver']\n",
    "INSTALLED_APPS = INSTALLED_APPS + [] + ['x']\n",
  ],
  ['append', "INSTALLED_APPS.append('sslserver')\n", "# INSTALLED_APPS.append('sslserver')\n"],
  ['extend', "INSTALLED_APPS.extend(['sslserver', 'x'])\n", "INSTALLED_APPS.extend(['x'])\n"],
  [
    'in a block',
    "if DEBUG:\n    INSTALLED_APPS += ['sslserver']\n",
    "if DEBUG:\n    pass\n    # INSTALLED_APPS += ['sslserver']\n",
  ],
  [
    'not elsewhere',
    "X = ['sslserver']\nINSTALLED_APPS = ['x', *X]\n",
    "X = ['sslserver']\nINSTALLED_APPS = ['x', *X]\n",
  ],
];

test.each(LISTS)('taken out of lists: %s', (_, before, after) => {
  const file = parseSettings(before).removeFromList(['INSTALLED_APPS'], 'sslserver');
  expect(file.source).toBe(after);
  expect(file.removeFromList(['INSTALLED_APPS'], 'sslserver')).toBe(file);
});
