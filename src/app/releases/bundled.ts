/** Where a build finds its releases, and whose they are; decided when it is built. */
export interface Releases {
  /** Where the files of the newest release lie by their names: `https://…/`. */
  readonly address: string;
  /** As minisign writes it: base64. */
  readonly publicKey: string;
}

/** Put in place by the build (esbuild's `define`). */
declare const BUNDLED_RELEASES: Releases | undefined;

/** @returns where the releases of this build are; `undefined` for sources, and for a build that was not told */
export function bundledReleases(): Releases | undefined {
  return typeof BUNDLED_RELEASES === 'undefined' ? undefined : BUNDLED_RELEASES;
}
