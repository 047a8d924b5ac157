import { execFileSync } from 'node:child_process';

/** A value as the helper below reports it: JSON, with bytes as `{ bytes: [..] }`. */
export type Reported = unknown;

const HELPERS = `
import ast, json, sys, warnings
warnings.simplefilter('ignore')
def plain(value):
    if isinstance(value, bytes):
        return {'bytes': list(value)}
    if isinstance(value, dict):
        return {str(key): plain(own) for key, own in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(own) for own in value]
    return value
def answer(results):
    sys.stdout.write(json.dumps(results))
`;

function run(program: string, input: unknown): unknown {
  const output = execFileSync('/usr/bin/python3', ['-I', '-c', HELPERS + program], {
    input: JSON.stringify(input),
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(output.toString());
}

/** What Python makes of each module's last assignment to `NAME`, a literal: all modules in one process. */
export function literalsOf(sources: readonly string[]): Reported[] {
  const program = `
def literal(source):
    tree = ast.parse(source.encode())
    value = [s.value for s in tree.body if isinstance(s, ast.Assign) and s.targets[0].id == 'NAME'][-1]
    if isinstance(value, ast.Call) and value.func.id == 'dict':
        return plain({own.arg: ast.literal_eval(own.value) for own in value.keywords})
    return plain(ast.literal_eval(value))
answer([literal(source) for source in json.load(sys.stdin)])
`;
  return run(program, sources) as Reported[];
}

/** What Python makes of each literal, `null` for what it refuses. */
export function readingsOf(literals: readonly string[]): ({ value: Reported } | null)[] {
  const program = `
def reading(source):
    try:
        return {'value': plain(ast.literal_eval(source))}
    except (SyntaxError, ValueError):
        return None
answer([reading(source) for source in json.load(sys.stdin)])
`;
  return run(program, literals) as ({ value: Reported } | null)[];
}

/** Each module's upper-case names after running it, beside stand-ins for what the site's settings import. */
export function settingsOf(sources: readonly string[]): Record<string, Reported>[] {
  const program = `
import os, types
class Environment:
    Sandbox = 'sandbox'
    Production = 'production'
class Client:
    def __init__(self, *args):
        self.args = args
def module(name, **content):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__dict__.update(content)
module('braintree', Environment=Environment)
module('meilisearch', Client=Client)
module('studio')
module('studio.settings_common', INSTALLED_APPS=['django', 'search'], MIDDLEWARE=['security'], __all__=['INSTALLED_APPS', 'MIDDLEWARE'])
def settings(source):
    os.environ.pop('OAUTHLIB_INSECURE_TRANSPORT', None)
    os.environ.pop('AWS_CLOUDFRONT_KEY', None)
    names = {}
    sys.modules['studio.settings_common'].INSTALLED_APPS = ['django', 'search']
    exec(compile(source.encode(), 'settings.py', 'exec'), names)
    result = {}
    for name, value in names.items():
        if name.isupper():
            result[name] = plain(value.args if isinstance(value, Client) else value)
    result['insecure'] = os.environ.get('OAUTHLIB_INSECURE_TRANSPORT')
    return result
answer([settings(source) for source in json.load(sys.stdin)])
`;
  return run(program, sources) as Record<string, Reported>[];
}
