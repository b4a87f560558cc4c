import type { RivuletOptions, RivuletStats } from "#sdk/index.ts";
import type { Viewer } from "../../e2e/support/stage.ts";

/** A page with the script and no instance: the bench says when the visit begins. */
export const CROWD_PAGE =
  '<!doctype html><meta charset="utf-8"><title>crowd</title><script src="/sdk/rivulet.js"></script>';

/** What one downloader says of its visit. */
export interface Visit {
  /** From making the instance to the last byte, ms. */
  readonly elapsedMs: number;
  readonly sha256: string;
  /** How often nobody in sight seemed to have the file, so that the origin was asked and refused. */
  readonly refusals: number;
}

interface Instance {
  readonly stats: RivuletStats;
  fetch(url: string): Promise<Response>;
}

declare const window: {
  readonly Rivulet: { readonly Rivulet: new (options: RivuletOptions) => Instance; current: Instance };
};

/** Arrives, as a visitor does who comes when all come, and downloads one file. */
export function visit(viewer: Viewer, signal: string, path: string): Promise<Visit> {
  return viewer.page.evaluate(
    async (signal, path) => {
      const startedAt = performance.now();
      const rivulet = new window.Rivulet.Rivulet({
        signal,
        manifest: "/rivulet.json",
        store: "memory",
        // Nobody else has the file: these pages wait for peers as long as it takes.
        patienceMs: 60_000,
      });
      window.Rivulet.current = rivulet;
      let bytes: ArrayBuffer | undefined;
      let refusals = 0;
      while (!bytes) {
        const response = await rivulet.fetch(path);
        bytes = response.ok ? await response.arrayBuffer().catch(() => undefined) : undefined;
        if (bytes) break;
        // What came so far is kept: the next try goes on with it.
        refusals++;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const elapsedMs = performance.now() - startedAt;
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      return {
        elapsedMs,
        refusals,
        sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""),
      };
    },
    signal,
    path,
  );
}
