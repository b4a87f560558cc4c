import assert from "node:assert/strict";
import type { RivuletStats } from "#sdk/index.ts";
import type { Stage, Viewer } from "./stage.ts";
import { waitFor } from "./wait-for.ts";

/** What a page got of one file. */
export interface Got {
  readonly name: string;
  readonly status: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The parts of a page's `window` that the tests use. */
export interface RivuletWindow {
  readonly Rivulet: {
    readonly current?: {
      readonly ready: Promise<void>;
      readonly stats: RivuletStats;
      fetch(url: string, init?: RequestInit): Promise<Response>;
      on(name: string, listener: (event: object) => void): void;
    };
  };
}

declare const window: RivuletWindow;

/** Fetches files through Rivulet, all at once, as a page with many images does. */
export function fetchAll(viewer: Viewer, names: readonly string[]): Promise<Got[]> {
  return viewer.page.evaluate(async (names) => {
    const rivulet = window.Rivulet.current;
    if (!rivulet) throw new Error("The script tag made no instance.");
    return Promise.all(
      names.map(async (name) => {
        const response = await rivulet.fetch(`/assets/${name}`);
        const bytes = await response.arrayBuffer();
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
        const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        return { name, status: response.status, bytes: bytes.byteLength, sha256 };
      }),
    );
  }, names);
}

export function stats(viewer: Viewer): Promise<RivuletStats> {
  return viewer.page.evaluate(() => {
    const rivulet = window.Rivulet.current;
    if (!rivulet) throw new Error("The script tag made no instance.");
    return rivulet.stats;
  });
}

/** Every file has the length and the SHA-256 that the origin's has. */
export function assertRight(stage: Stage, got: readonly Got[]): void {
  for (const { name, status, sha256 } of got) {
    assert.equal(status, 200, name);
    assert.equal(sha256, stage.hashes.get(name), `SHA-256 of ${name}`);
  }
}

/** Waits until the page's figures are as wished; fails with the last ones after `seconds`. */
export function until(
  viewer: Viewer,
  wished: (stats: RivuletStats) => boolean,
  seconds = 20,
): Promise<RivuletStats> {
  return waitFor({ look: () => stats(viewer), wished, seconds, otherwise: "Not as wished" });
}

/** Collects an instance's events of one name from now on; the function it returns gives those that came so far. */
export async function listen(viewer: Viewer, name: string): Promise<() => Promise<readonly object[]>> {
  const key = `heard:${name}`;
  await viewer.page.evaluate(
    (key, name) => {
      const heard: object[] = [];
      Object.assign(window, { [key]: heard });
      window.Rivulet.current?.on(name, (event) => heard.push(JSON.parse(JSON.stringify(event))));
    },
    key,
    name,
  );
  return () => viewer.page.evaluate((key) => Reflect.get(window, key) as object[], key);
}
