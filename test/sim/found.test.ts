import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "#sdk/base/random.ts";
import { chaos } from "./chaos.ts";

test("whatever goes wrong, pieces that turn up some other way are not asked for any more, nor stored twice", () => {
  let [found, amid] = [0, 0];
  for (let seed = 200; seed < 210; seed++) {
    const random = seededRandom(seed);
    // The world looks over each engine's shoulder: asking for what is stored, or storing it again, throws.
    const world = chaos(seed, (host, contents) => {
      const content = contents[random.below(contents.length)];
      if (host.gone || !content) return;
      const piece = random.below(content.geometry.pieceCount);
      const had = host.stored(content.content).has(piece);
      const cancels = host.watch?.cancelsSent ?? 0;
      host.finds(content, piece);
      assert.ok(host.stored(content.content).has(piece));
      if (!had) found++;
      if ((host.watch?.cancelsSent ?? 0) > cancels) amid++;
    });
    assert.equal(world.wanting.length, 0, `seed ${seed}: somebody waits for ever`);
    for (const { wrongBytes } of world.hosts) assert.equal(wrongBytes, 0);
  }
  assert.ok(found > 500 && amid > 20, `${found} pieces were found, ${amid} of them while a peer owed them`);
});
