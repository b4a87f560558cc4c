import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { RivuletRequestInit } from "#sdk/client/playback.ts";
import { type SignalingServer, startSignalingServer } from "#signaling/index.ts";
import { SILENT_LOGGER } from "#signaling/operation/logger.ts";
import { openStage, type Stage, type Viewer } from "./support/stage.ts";
import { assertRight, fetchAll, type RivuletWindow, stats, until } from "./support/visit.ts";

declare const window: RivuletWindow;

const NAMES = ["film.bin", "photo.bin"];
const SEGMENTS = ["s0.ts", "s1.ts", "s2.ts", "s3.ts"];

/** A site without a build step: its origin has files and a live playlist, and no manifest. */
describe("the manifest service", () => {
  let stage: Stage;
  let server: SignalingServer;
  let http: string;
  let key: string;
  before(async () => {
    const sizes = Object.fromEntries([...NAMES, ...SEGMENTS].map((name, index) => [name, 300_000 + index]));
    stage = await openStage({ sizes, signaling: false });
    stage.origin.files.delete("/rivulet.json");
    const options = { port: 0, origins: [stage.origin.url], allowOrigins: [stage.origin.url] };
    server = await startSignalingServer(
      { ...options, manifestAllowPrivate: true },
      { logger: SILENT_LOGGER },
    );
    http = server.url.replace("ws:", "http:");
    key = (await (await fetch(`${http}/manifest-key`)).json()).x;
  });
  after(async () => {
    await stage.close();
    await server.close();
  });

  /** A page whose manifest is that of these files of the origin. */
  function visit(names: readonly string[], manifestKey: string): Promise<Viewer> {
    const urls = names.map((name) => `url=${encodeURIComponent(`${stage.origin.url}/assets/${name}`)}`);
    const tag = `<script src="/sdk/rivulet.js" data-signal="${server.url}" data-store="memory"
      data-manifest="${http}/manifest?${urls.join("&amp;")}" data-manifest-key="${manifestKey}"></script>`;
    stage.origin.files.set(
      "/service.html",
      new TextEncoder().encode(`<!doctype html><title>service</title><link rel="icon" href="data:,">${tag}`),
    );
    return stage.open("/service.html");
  }

  const show = (names: readonly string[]): void => {
    const lines = names.map((name) => `#EXTINF:1,\n${name}\n`).join("");
    const text = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${lines}`;
    stage.origin.files.set("/assets/live.m3u8", new TextEncoder().encode(text));
  };

  /** Asks for segments as a player does that needs them in a few seconds. */
  const play = (viewer: Viewer, names: readonly string[]): Promise<number[]> =>
    viewer.page.evaluate(async (names) => {
      const rivulet = window.Rivulet.current;
      const init: RivuletRequestInit = { playback: { dueInMs: 8000 } };
      const loads = names.map((name) => rivulet?.fetch(`/assets/${name}`, init));
      return Promise.all(loads.map(async (load) => (await (await load)?.arrayBuffer())?.byteLength ?? 0));
    }, names);

  it("gives a page a signed manifest, by which it verifies what another viewer sends", async () => {
    const first = await visit(NAMES, key);
    assertRight(stage, await fetchAll(first, NAMES));
    const second = await visit(NAMES, key);
    await until(second, ({ peers }) => peers.length > 0);
    assertRight(stage, await fetchAll(second, NAMES));
    const { peerBytes, originBytes } = await stats(second);
    assert.deepEqual([peerBytes, originBytes], [600_001, 0]);
    // One copy for the service, one for the viewers.
    for (const name of NAMES) assert.equal(stage.origin.log.copies(`/assets/${name}`), 2, name);
    assert.deepEqual([...first.console, ...second.console], []);
    await Promise.all([first.close(), second.close()]);
  });

  it("has its manifest refused by a page that names another key, which is served from the origin", async () => {
    const viewer = await visit(NAMES, "A".repeat(43));
    assertRight(stage, await fetchAll(viewer, NAMES));
    const state = await viewer.page.evaluate(async () => {
      const ready = window.Rivulet.current?.ready;
      return ready?.catch((error: Error) => Reflect.get(error, "code"));
    });
    assert.equal(state, "manifest-untrusted");
    assert.match(viewer.console.join("\n"), /manifest-untrusted: .*not signed with `manifestKey`/);
    assert.equal((await stats(viewer)).peerBytes, 0);
    await viewer.close();
  });

  it("follows a live playlist, whose new segments come from peers too", async () => {
    show(SEGMENTS.slice(0, 3));
    const [first, second] = [await visit(["live.m3u8"], key), await visit(["live.m3u8"], key)];
    await until(second, ({ peers }) => peers.length > 0);
    await play(first, ["s2.ts"]);
    show(SEGMENTS);
    assert.deepEqual(await play(first, ["s3.ts"]), [300_005]);
    // The second has to have heard that the first has it: before, it would ask the origin at once.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.deepEqual(await play(second, ["s3.ts", "s2.ts"]), [300_005, 300_004]);
    const { resources, peerBytes } = await stats(second);
    assert.deepEqual(resources.map(({ path }) => path).sort(), ["assets/s2.ts", "assets/s3.ts"]);
    assert.equal(peerBytes, 600_009);
    await Promise.all([first.close(), second.close()]);
  });
});
