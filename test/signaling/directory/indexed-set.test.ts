import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { IndexedSet } from "#signaling/directory/indexed-set.ts";

test("whatever is added and deleted, the positions hold exactly the members, each once", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(8)), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const [set, model] = [new IndexedSet<number>(), new Set<number>()];
      for (const [adds, item] of all) {
        if (adds) {
          set.add(item);
          model.add(item);
        } else assert.equal(set.delete(item), model.delete(item));
        const held = Array.from({ length: set.size }, (_, position) => set.at(position));
        assert.deepEqual(held.sort(), [...model].sort());
        assert.equal(set.has(item), model.has(item));
        assert.equal(set.at(set.size), undefined);
      }
    }),
  );
});
