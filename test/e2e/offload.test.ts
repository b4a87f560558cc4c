import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openStage, type Stage } from "./support/stage.ts";
import { assertRight, fetchAll, stats } from "./support/visit.ts";

/** As the demo's gallery: eight pictures and a model, about 21 MB. */
const GALLERY = Object.fromEntries([
  ...Array.from({ length: 8 }, (_, i) => [`picture-${i}.png`, 2_150_000 + i * 40_000] as const),
  ["terrain.stl", 3_600_000] as const,
]);
const NAMES = Object.keys(GALLERY);
const PACE = { latencyMs: 25, bytesPerSecond: 8_000_000 };

describe("offload", () => {
  describe("one after the other", () => {
    let stage: Stage;
    before(async () => {
      stage = await openStage({ sizes: GALLERY, ...PACE });
    });
    after(() => stage.close());

    it("viewers 2 and 3 take at least 95 % of their bytes from peers; the origin sends at most 1.05 copies", async (t) => {
      const first = await stage.open();
      assertRight(stage, await fetchAll(first, NAMES));
      const later = await Promise.all([stage.open(), stage.open()]);
      for (const got of await Promise.all(later.map((viewer) => fetchAll(viewer, NAMES))))
        assertRight(stage, got);
      const figures = await Promise.all(later.map(stats));
      t.diagnostic(
        `offload ${figures.map((f) => f.offloadRatio.toFixed(3)).join(" and ")}; copies ${stage.copies().toFixed(3)}`,
      );
      for (const { offloadRatio } of figures)
        assert.ok(offloadRatio >= 0.95, `offload ratio ${offloadRatio}`);
      assert.ok(stage.copies() <= 1.05, `${stage.copies()} copies`);
      const uploaded = (await stats(first)).uploadedBytes;
      assert.ok(uploaded > 0, "the first viewer uploaded");
    });
  });

  describe("all at once", () => {
    let stage: Stage;
    before(async () => {
      stage = await openStage({ sizes: GALLERY, ...PACE });
    });
    after(() => stage.close());

    it("three viewers cost the origin at most 1.5 copies, and every file is right", async (t) => {
      const viewers = await Promise.all([stage.open(), stage.open(), stage.open()]);
      for (const got of await Promise.all(viewers.map((viewer) => fetchAll(viewer, NAMES))))
        assertRight(stage, got);
      t.diagnostic(`copies ${stage.copies().toFixed(3)}`);
      assert.ok(stage.copies() <= 1.5, `${stage.copies()} copies`);
    });
  });
});
