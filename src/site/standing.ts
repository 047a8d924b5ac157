import { CannotManage } from '../python/errors.ts';
import type { SettingPath, SettingsFile } from '../python/settings-file.ts';
import { isExpression, type PythonValue } from '../python/value.ts';

/** How a setting stands in settings.py. */
export type Standing =
  | { readonly kind: 'none' }
  | { readonly kind: 'literal'; readonly value: PythonValue }
  /** By an expression, in a block, by `update()`: only running it tells the value. `where` never shows its text. */
  | { readonly kind: 'computed'; readonly where: string };

/** @returns how the setting at a path stands; what is computed is something else than nothing */
export function standing(file: SettingsFile | undefined, path: SettingPath): Standing {
  try {
    const value = file?.get(path);
    if (file === undefined || value === undefined) return { kind: 'none' };
    if (!isExpression(value)) return { kind: 'literal', value };
    const line = file.source.slice(0, file.source.indexOf(value.source)).split('\n').length;
    return { kind: 'computed', where: `line ${line} computes it` };
  } catch (error) {
    if (!(error instanceof CannotManage)) throw error;
    return { kind: 'computed', where: `line ${error.line} ${error.reason}` };
  }
}
