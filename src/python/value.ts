/**
 * A value as it stands in a settings module. A `ReadonlyMap` is a dict with string keys, an array is a list; everything that
 * is not a plain literal (a call, a tuple, a name such as `braintree.Environment.Sandbox`) is an expression, kept as source.
 */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | PythonBytes
  | PythonExpression
  | readonly PythonValue[]
  | ReadonlyMap<string, PythonValue>;

export interface PythonBytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}

export interface PythonExpression {
  readonly kind: 'expression';
  /** One Python expression, such as `braintree.Environment.Production`. */
  readonly source: string;
}

/** A bytes value; text is taken as UTF-8. */
export function pythonBytes(content: string | Uint8Array): PythonBytes {
  return { kind: 'bytes', bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content };
}

/** Python source to be written as it is. Never make one from what an operator typed: it is code. */
export function pythonExpression(source: string): PythonExpression {
  return { kind: 'expression', source };
}

export function isBytes(value: PythonValue): value is PythonBytes {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'bytes';
}

export function isExpression(value: PythonValue): value is PythonExpression {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'expression';
}

export function isList(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value);
}

export function isDict(value: PythonValue): value is ReadonlyMap<string, PythonValue> {
  return value instanceof Map;
}

/**
 * Whether what stands in the file is already what is wanted. A wanted string is also held by a bytes literal of its UTF-8
 * (`WEBHOOK_USER_MODIFIED_SECRET` keeps its `b`); the order of a dict's keys does not matter, as in Python.
 */
export function holds(current: PythonValue, wanted: PythonValue): boolean {
  if (isBytes(current)) {
    const bytes = typeof wanted === 'string' ? pythonBytes(wanted).bytes : isBytes(wanted) && wanted.bytes;
    return (
      bytes !== false &&
      bytes.length === current.bytes.length &&
      bytes.every((b, i) => b === current.bytes[i])
    );
  }
  if (isExpression(current)) return isExpression(wanted) && current.source.trim() === wanted.source.trim();
  if (isList(current)) {
    if (!isList(wanted) || wanted.length !== current.length) return false;
    return current.every((item, index) => holds(item, wanted[index] ?? null));
  }
  if (isDict(current)) {
    if (!isDict(wanted) || wanted.size !== current.size) return false;
    return [...wanted].every(([key, value]) => {
      const own = current.get(key);
      return own !== undefined && holds(own, value);
    });
  }
  return Object.is(current, wanted);
}

/** The dict of dicts that holds the value below the keys; the value itself without keys. */
export function nestedDict(keys: readonly string[], value: PythonValue): PythonValue {
  return keys.reduceRight<PythonValue>((inner, key) => new Map([[key, inner]]), value);
}
