import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Firefox, launchFirefox } from "../support/firefox.ts";
import { openStage, type Stage, type Viewer } from "./support/stage.ts";
import { assertRight, fetchAll, stats } from "./support/visit.ts";

const SIZE_BYTES = 8_000_000;
const LEAST_OFFLOAD = 0.95;

describe("Firefox and Chromium", () => {
  let stage: Stage;
  let firefox: Firefox;
  let viewers: Readonly<Record<"Firefox" | "Chromium", Viewer>>;
  before(async () => {
    const sizes = { "from-chromium.bin": SIZE_BYTES, "from-firefox.bin": SIZE_BYTES };
    stage = await openStage({ sizes, latencyMs: 25, bytesPerSecond: 8_000_000 });
    firefox = await launchFirefox();
    const [chromiumViewer, firefoxViewer] = await Promise.all([
      stage.open(),
      stage.open("/page.html", undefined, firefox.browser),
    ]);
    viewers = { Chromium: chromiumViewer, Firefox: firefoxViewer };
  });
  after(async () => {
    await firefox?.close();
    await stage?.close();
  });

  const directions = [
    { from: "Chromium", to: "Firefox", name: "from-chromium.bin" },
    { from: "Firefox", to: "Chromium", name: "from-firefox.bin" },
  ] as const;
  for (const { from, to, name } of directions) {
    it(`${to} takes at least 95 % of a file from ${from}, and every byte is right`, async (t) => {
      assertRight(stage, await fetchAll(viewers[from], [name]));
      const before = await stats(viewers[to]);
      const startedAt = performance.now();
      assertRight(stage, await fetchAll(viewers[to], [name]));
      const elapsedMs = performance.now() - startedAt;
      const { peerBytes } = await stats(viewers[to]);
      const share = (peerBytes - before.peerBytes) / SIZE_BYTES;
      t.diagnostic(`from peers ${share.toFixed(3)}, ${(SIZE_BYTES / elapsedMs / 1000).toFixed(1)} MB/s`);
      assert.ok(share >= LEAST_OFFLOAD, `${share} of the bytes came from ${from}`);
    });
  }
});
