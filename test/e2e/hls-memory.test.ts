import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Rivulet } from "#sdk/index.ts";
import { type HlsStage, openHlsStage, openViewer } from "./support/hls-stage.ts";
import type { Viewer } from "./support/stage.ts";

const MIB = 2 ** 20;
/** The least that the option takes. */
const MEMORY_BYTES = 48 * MIB;
const SEGMENT_BYTES = 4 * MIB;
/** 64 MiB together. */
const FILM = Array.from({ length: 16 }, (_, i) => `part-${i}.ts`);
const HELD_SEGMENTS = MEMORY_BYTES / SEGMENT_BYTES;

declare const window: { readonly Rivulet: { readonly current: Rivulet } };

/** Fetches segments one after the other, as a player does that needs each at once. */
function playAll(viewer: Viewer, names: readonly string[]): Promise<number> {
  return viewer.page.evaluate(async (names) => {
    let bytes = 0;
    for (const name of names) {
      const response = await window.Rivulet.current.fetch(`/assets/${name}`, { playback: { dueInMs: 0 } });
      bytes += (await response.arrayBuffer()).byteLength;
    }
    return bytes;
  }, names);
}

describe("the memory of a viewer", () => {
  let stage: HlsStage;
  before(async () => {
    stage = await openHlsStage({ sizes: Object.fromEntries(FILM.map((name) => [name, SEGMENT_BYTES])) });
  });
  after(() => stage.close());

  it("holds no more of a film than memoryBytes, and what was played first goes first", async (t) => {
    const viewer = await openViewer(stage, { store: "memory", memoryBytes: MEMORY_BYTES });
    const before = await buffersHeld(viewer);
    assert.equal(await playAll(viewer, FILM), FILM.length * SEGMENT_BYTES);
    assert.equal(stage.originBytes(), FILM.length * SEGMENT_BYTES);

    // In the browser's own books: a collection may come too soon for what was handed out last.
    let buffers = (await buffersHeld(viewer)) - before;
    for (let turn = 0; turn < 10 && buffers > MEMORY_BYTES + MIB; turn++)
      buffers = (await buffersHeld(viewer)) - before;
    t.diagnostic(`${(buffers / MIB).toFixed(1)} MiB of buffers`);
    assert.ok(buffers <= MEMORY_BYTES + MIB, `${buffers} bytes of buffers`);
    // Were it of something else than the pieces, nothing would be seen of them.
    assert.ok(buffers >= MEMORY_BYTES / 2, `${buffers} bytes of buffers`);

    // Backwards: to read one that is held drops none.
    stage.origin.log.reset();
    const backwards = [...FILM].reverse();
    await playAll(viewer, backwards);
    const held = backwards.filter((name) => stage.origin.log.bytes(`/assets/${name}`) === 0);
    const heldBytes = FILM.length * SEGMENT_BYTES - stage.originBytes();
    t.diagnostic(`${held.length} segments were held, ${heldBytes / MIB} MiB`);
    assert.ok(heldBytes <= MEMORY_BYTES, `${heldBytes} bytes were held`);
    assert.deepEqual(held, backwards.slice(0, HELD_SEGMENTS));
  });

  /** Bytes of all buffers of the page that anything still refers to. */
  async function buffersHeld({ page }: Viewer): Promise<number> {
    const devtools = await page.createCDPSession();
    await devtools.send("HeapProfiler.collectGarbage");
    const usage: object = await devtools.send("Runtime.getHeapUsage");
    await devtools.detach();
    return Number(Reflect.get(usage, "backingStorageSize"));
  }
});
