import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Page } from "puppeteer-core";
import { blankPage, openStage, type Stage, type Viewer } from "./support/stage.ts";
import { assertRight, fetchAll, stats, until } from "./support/visit.ts";
import { waitFor } from "./support/wait-for.ts";

const SIZES = { "film.bin": 1_500_000, "page.css": 60_000 };
const NAMES = Object.keys(SIZES);

/** What a page opened to others, and its connection, which the test changes. */
interface Watched {
  sockets: number;
  peers: number;
  readonly connection: EventTarget & { metered: boolean };
}

declare const window: { readonly watched: Watched };

async function watch(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const connection = Object.assign(new EventTarget(), { metered: false });
    const watched: Watched = { sockets: 0, peers: 0, connection };
    Object.assign(window, { watched });
    Object.defineProperty(navigator, "connection", { value: connection });
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string | URL) {
        super(url);
        watched.sockets++;
      }
    };
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        watched.peers++;
      }
    };
  });
}

async function watchOneWhoObjects(page: Page): Promise<void> {
  await watch(page);
  await page.evaluateOnNewDocument(() =>
    Object.defineProperty(navigator, "globalPrivacyControl", { value: true }),
  );
}

/** How many WebSockets and connections to peers the page opened. */
function opened(viewer: Viewer): Promise<number[]> {
  return viewer.page.evaluate(() => [window.watched.sockets, window.watched.peers]);
}

async function meter(viewer: Viewer, metered: boolean): Promise<void> {
  await viewer.page.evaluate((metered) => {
    window.watched.connection.metered = metered;
    window.watched.connection.dispatchEvent(new Event("change"));
  }, metered);
}

describe("pages whose owner has policies", () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ sizes: SIZES });
    const attributes = 'data-metered="no-peers" data-exclude="*.css" data-patience-ms="60000"';
    const html = blankPage(stage.signalUrl, attributes);
    stage.origin.files.set("/policies.html", new TextEncoder().encode(html));
  });
  after(() => stage?.close());

  it("open nothing to others for a visitor with Global Privacy Control, and keep what they got for the next visit", async () => {
    const viewer = await stage.open("/page.html", watchOneWhoObjects);
    assertRight(stage, await fetchAll(viewer, NAMES));
    const first = await stats(viewer);
    assert.deepEqual([first.originBytes, first.tracker, first.peers], [stage.totalBytes, "off", []]);
    assert.deepEqual(await opened(viewer), [0, 0]);
    // A page that ends at once may lose what is on its way to the disk.
    await waitFor({
      look: async () => {
        await viewer.page.reload();
        assertRight(stage, await fetchAll(viewer, NAMES));
        return stats(viewer);
      },
      wished: ({ storeBytes }) => storeBytes === stage.totalBytes,
      seconds: 10,
      otherwise: "Not from the store",
    });
    assert.deepEqual(await opened(viewer), [0, 0]);
    await viewer.close();
  });

  it("leave their peers and the signaling server when the line becomes metered, and come back after that", async () => {
    const a = await stage.open("/policies.html", watch);
    assertRight(stage, await fetchAll(a, NAMES));
    const b = await stage.open("/policies.html", watch);
    assertRight(stage, await fetchAll(b, ["film.bin"]));
    await until(b, ({ peerBytes, peers }) => peerBytes === SIZES["film.bin"] && peers.length === 1);
    await meter(b, true);
    await until(a, ({ peers }) => peers.length === 0);
    const away = await stats(b);
    assert.deepEqual([away.tracker, away.peers], ["off", []]);
    await a.close();
    await meter(b, false);
    await until(b, ({ tracker }) => tracker === "up");
    stage.origin.log.reset();
    const c = await stage.open("/policies.html", watch);
    assertRight(stage, await fetchAll(c, NAMES));
    const { peerBytes, resources } = await stats(c);
    assert.equal(peerBytes, SIZES["film.bin"]);
    assert.deepEqual(
      resources.map(({ path }) => path.split("/").pop()),
      ["film.bin"],
    );
    assert.equal(stage.origin.log.bytes("/assets/page.css"), SIZES["page.css"]);
    assert.deepEqual((await opened(b))[0], 2);
    await Promise.all([b.close(), c.close()]);
  });
});
