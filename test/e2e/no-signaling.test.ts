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
/** A line of 40 Mbit/s: scripts start as fast as the machine lets them, whatever the line. */
const PACE = { latencyMs: 25, bytesPerSecond: 5_000_000 };
const ROUNDS = 4;

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
      ...PACE,
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

  describe("a page", () => {
    const times: Readonly<Record<string, number[]>> = { plain: [], down: [], unreachable: [] };
    before(async () => {
      for (let round = 0; round < ROUNDS; round++)
        for (const [name, list] of Object.entries(times)) list.push(await load(`/${name}.html`));
    });

    for (const [title, name] of [
      ["where the server is down", "down"],
      ["whose server accepts and never answers", "unreachable"],
    ] as const) {
      it(`${title} takes at most 10 % longer than with plain fetch, side by side`, (t) => {
        const [rivulet, plain] = [median(times[name] ?? []), median(times.plain ?? [])];
        t.diagnostic(
          `${rivulet.toFixed(0)} ms against ${plain.toFixed(0)} ms: ${(rivulet / plain).toFixed(3)}`,
        );
        assert.ok(rivulet <= 1.1 * plain, `${rivulet / plain} times plain fetch`);
      });
    }
  });

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
