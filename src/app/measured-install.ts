/** How long the product took to install everything on a bare host, by the benchmark. */
export interface MeasuredInstall {
  /** Milliseconds. */
  readonly ms: number;
  readonly processors: number;
}

/** The median on docs/benchmarks.md; `npm run bench` writes both. */
export const MEASURED_INSTALL: MeasuredInstall = { ms: 31_800, processors: 2 };
