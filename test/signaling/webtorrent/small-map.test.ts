import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SmallMap } from "#signaling/webtorrent/small-map.ts";

test("a small map holds what a map holds, and its entries stay as they were when they were asked for", () => {
  const step = fc.record({ key: fc.constantFrom("a", "b", "c", "d"), value: fc.nat(9), isSet: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const [small, model] = [new SmallMap<string, number>(), new Map<string, number>()];
      for (const { key, value, isSet } of steps) {
        const before = small.entries;
        const asked = [...before];
        if (isSet) {
          small.set(key, value);
          model.set(key, value);
        } else {
          small.delete(key);
          model.delete(key);
        }
        assert.deepEqual(before, asked);
        assert.deepEqual(new Map(small.entries), model);
        assert.deepEqual([small.size, small.entries.length], [model.size, model.size]);
        for (const one of ["a", "b", "c", "d"])
          assert.deepEqual([small.get(one), small.has(one)], [model.get(one), model.has(one)]);
      }
    }),
  );
});
