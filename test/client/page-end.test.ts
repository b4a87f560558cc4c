import assert from "node:assert/strict";
import { test } from "node:test";
import { watchPageEnd } from "#sdk/client/page-end.ts";

/** Node has neither a window's events nor a document: the test lends it both. */
function onPage(run: (page: EventTarget & { visibilityState: string }) => void): void {
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const names = ["document", "addEventListener", "removeEventListener"] as const;
  const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  const lent = [page, page.addEventListener.bind(page), page.removeEventListener.bind(page)];
  names.forEach((name, at) => {
    Object.defineProperty(globalThis, name, { value: lent[at], configurable: true, writable: true });
  });
  try {
    run(page);
  } finally {
    names.forEach((name, at) => {
      const old = before[at];
      if (old) Object.defineProperty(globalThis, name, old);
      else Reflect.deleteProperty(globalThis, name);
    });
  }
}

test("a page that ends, and one that is hidden, is told of until nobody wants to know", () => {
  onPage((page) => {
    const told: string[] = [];
    const unwatch = watchPageEnd({ onEnd: () => told.push("end"), onHidden: () => told.push("hidden") });
    page.dispatchEvent(new Event("visibilitychange"));
    assert.deepEqual(told, [], "it is visible");
    page.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    page.dispatchEvent(new Event("pagehide"));
    assert.deepEqual(told, ["hidden", "end", "hidden"]);
    unwatch();
    page.dispatchEvent(new Event("visibilitychange"));
    page.dispatchEvent(new Event("pagehide"));
    assert.equal(told.length, 3);
  });
});

test("where there is no page nothing is watched", () => {
  watchPageEnd({ onEnd: assert.fail, onHidden: assert.fail })();
});
