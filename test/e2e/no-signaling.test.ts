import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { median } from "../support/median.ts";
import { blankPage, openStage, type Stage } from "./support/stage.ts";
import { assertRight, fetchAll, stats } from "./support/visit.ts";

/**
 * Half of the page with a hundred files that test/bench/whole-page.ts loads. What is measured here is how long the scripts
 * take to start.
 */
const SIZES = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`picture-${i}.png`, 3_200_000]));
const NAMES = Object.keys(SIZES);
const ROUNDS = 5;

/** What both pages do once they are parsed: fetch everything, and say how long that took since the navigation. */
const LOADER = `
const rivulet = window.Rivulet?.current;
const get = rivulet ? (url) => rivulet.fetch(url) : (url) => fetch(url);
const names = ${JSON.stringify(NAMES)};
Promise.all(names.map(async (name) => (await get("/assets/" + name)).arrayBuffer())).then(() => {
  window.loadedMs = performance.now();
});`;
const PLAIN = '<!doctype html><title>plain</title><script src="/loader.js"></script>';

/** A server that takes connections and never says a word. */
async function startSilence(): Promise<{ server: Server; sockets: Set<Socket>; url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { server, sockets, url: `ws://127.0.0.1:${port}` };
}

describe("without a signaling server", () => {
  let stage: Stage;
  let silence: Awaited<ReturnType<typeof startSilence>>;
  before(async () => {
    stage = await openStage({
      sizes: SIZES,
      signaling: false,
      compress: true,
      latencyMs: 25,
      bytesPerSecond: 8_000_000,
    });
    silence = await startSilence();
    const page = (html: string) => new TextEncoder().encode(html);
    const loader = '<script src="/loader.js"></script>';
    stage.origin.files.set("/loader.js", page(LOADER));
    stage.origin.files.set("/plain.html", page(PLAIN));
    stage.origin.files.set("/down.html", page(blankPage(stage.signalUrl) + loader));
    stage.origin.files.set("/unreachable.html", page(blankPage(silence.url) + loader));
  });
  after(async () => {
    await stage.close();
    for (const socket of silence.sockets) socket.destroy();
    silence.server.close();
  });

  /** Milliseconds from the navigation to the last byte of the last file. */
  async function load(path: string): Promise<number> {
    const viewer = await stage.open(path);
    await viewer.page.waitForFunction("window.loadedMs > 0", { timeout: 60_000 });
    const loadedMs: unknown = await viewer.page.evaluate("window.loadedMs");
    await viewer.close();
    return Number(loadedMs);
  }

  for (const [name, path] of [
    ["a server that is down", "/down.html"],
    ["a server that accepts and never answers", "/unreachable.html"],
  ] as const) {
    it(`${name} makes a page at most 10 % slower than plain fetch, side by side`, async (t) => {
      const plain: number[] = [];
      const rivulet: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        plain.push(await load("/plain.html"));
        rivulet.push(await load(path));
      }
      const ratio = median(rivulet) / median(plain);
      t.diagnostic(
        `${median(rivulet).toFixed(0)} ms against ${median(plain).toFixed(0)} ms: ${ratio.toFixed(3)}`,
      );
      assert.ok(ratio <= 1.1, `${ratio} times plain fetch`);
    });
  }

  it("everything is right, comes from the origin, and once", async () => {
    stage.origin.log.reset();
    const viewer = await stage.open();
    assertRight(stage, await fetchAll(viewer, NAMES));
    const { originBytes, tracker } = await stats(viewer);
    assert.equal(originBytes, stage.totalBytes);
    assert.notEqual(tracker, "up");
    assert.ok(stage.copies() <= 1.01);
  });
});
