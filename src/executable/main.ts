/**
 * What the single executable starts with. It compiles the program, whose text is in the executable, with what V8 compiled of it
 * at the build.
 */
import { getAssetKeys, getRawAsset } from 'node:sea';
import { Script } from 'node:vm';

const script = new Script(asset('program').toString('latin1'), {
  filename: 'studio-setup.cjs',
  // A build for another kind of processor than the builder's has none.
  cachedData: getAssetKeys().includes('compiled') ? asset('compiled') : undefined,
});
script.runInThisContext()(module.exports, require, module, __filename, __dirname);

/** @returns an asset, not copied out of the executable */
function asset(key: string): Buffer {
  return Buffer.from(getRawAsset(key));
}
