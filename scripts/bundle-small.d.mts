/** A script, its source map, what each shortened name became, and all names that there were. */
interface SmallBundle {
  readonly code: string;
  readonly map: string;
  readonly mangled: Readonly<Record<string, string | false>>;
  readonly names: readonly string[];
}

/** `rivulet-engine.js`. */
export function bundleEngine(): Promise<SmallBundle>;
/** `rivulet-sw.js`. */
export function bundleWorker(): Promise<SmallBundle>;
