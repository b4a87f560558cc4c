import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@rivulet/sdk/protocol";
import fc from "fast-check";
import { DrawnList } from "#signaling/webtorrent/drawn-list.ts";

interface Item {
  readonly name: number;
  position: number;
}

const itemOf = (name: number): Item => ({ name, position: -1 });

test("whatever is added, removed and drawn, each item is in the list once and knows where", () => {
  const steps = fc.array(
    fc.oneof(fc.record({ remove: fc.nat(30) }), fc.record({ draw: fc.nat(5) }), fc.constant("add")),
    { minLength: 20, maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, fc.integer(), (all, seed) => {
      const random = seededRandom(seed);
      const [list, model] = [new DrawnList<Item>(), new Set<Item>()];
      for (const [name, step] of all.entries()) {
        if (step === "add") {
          const item = itemOf(name);
          list.add(item);
          model.add(item);
        } else if ("remove" in step) {
          const item = [...model][step.remove % Math.max(1, model.size)];
          if (!item) continue;
          list.remove(item);
          model.delete(item);
        } else
          for (let n = 0; n < Math.min(step.draw, model.size); n++)
            assert.ok(model.has(list.draw(n, random)));
        assert.equal(list.size, model.size);
        assert.deepEqual(new Set(list.items), model);
        for (const [position, item] of list.items.entries()) assert.equal(item.position, position);
      }
    }),
  );
});

test("a series of draws names each item once, and every order is as likely as any other", () => {
  const list = new DrawnList<Item>();
  for (let n = 0; n < 4; n++) list.add(itemOf(n));
  const random = seededRandom(5);
  const orders = new Map<string, number>();
  for (let round = 0; round < 12_000; round++) {
    const order = [0, 1, 2, 3].map((already) => list.draw(already, random).name).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  // 24 orders, 500 of each, with a standard deviation of about 22.
  assert.equal(orders.size, 24);
  for (const [order, count] of orders) assert.ok(Math.abs(count - 500) < 110, `${order}: ${count}`);
});

test("there is nothing to draw beyond the end", () => {
  const list = new DrawnList<Item>();
  assert.throws(() => list.draw(0, seededRandom(1)), RangeError);
});
