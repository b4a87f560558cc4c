import type { ListedFile } from "../list-files.ts";

/** Knows for how long each file has stayed as it is, as seen from here: a disk may have a clock of its own. */
export class StillFiles {
  readonly #seen = new Map<string, { readonly fingerprint: string; readonly sinceMs: number }>();

  /** Takes note of all files that there are. */
  observe(files: readonly ListedFile[], nowMs: number): void {
    const paths = new Set(files.map(({ path }) => path));
    // Whoever writes to a draft gives it its name when it is complete: it has been still for long enough.
    const wasRenamed = (path: string) => this.#seen.has(path + DRAFT) && !paths.has(path + DRAFT);
    const changed = files.filter(
      ({ path, fingerprint }) => this.#seen.get(path)?.fingerprint !== fingerprint,
    );
    const since = changed.map(({ path }) => (wasRenamed(path) ? Number.NEGATIVE_INFINITY : nowMs));
    changed.forEach(({ path, fingerprint }, index) => {
      this.#seen.set(path, { fingerprint, sinceMs: since[index] ?? nowMs });
    });
    for (const path of this.#seen.keys()) if (!paths.has(path)) this.#seen.delete(path);
  }

  stillForMs(path: string, nowMs: number): number {
    const seen = this.#seen.get(path);
    return seen ? nowMs - seen.sinceMs : 0;
  }
}

const DRAFT = ".tmp";

/** True for a file that is to be renamed once it is complete. */
export function isDraft(name: string): boolean {
  return name.toLowerCase().endsWith(DRAFT);
}
