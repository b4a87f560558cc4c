import type { LiveRivulet } from "../panel/live.ts";

/** What the script tag leaves on the window. */
export interface ScriptTagRivulet extends LiveRivulet {
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** In bytes; undefined for what the manifest does not list. */
  sizeOf(url: string): number | undefined;
}

interface ScriptTagGlobal {
  readonly Rivulet?: { readonly current?: ScriptTagRivulet | undefined };
}

const LOOK_EVERY_MS = 50;

/** Waits for the script tag's instance; undefined when it did not start in `timeoutMs`. */
export async function scriptTagRivulet(timeoutMs: number): Promise<ScriptTagRivulet | undefined> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const current = (window as ScriptTagGlobal).Rivulet?.current;
    if (current) return current;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return undefined;
}
