import assert from "node:assert/strict";
import { test } from "node:test";
import { browserConditions } from "#sdk/adapters/conditions.ts";

class Connection extends EventTarget {
  saveData = false;
  type: string | undefined;

  become(state: { saveData?: boolean; type?: string }): void {
    Object.assign(this, state);
    this.dispatchEvent(new Event("change"));
  }
}

test("uploading is allowed where the browser says nothing about the connection", () => {
  for (const navigator of [{}, { connection: undefined }, { connection: {} }, { connection: "fast" }]) {
    const conditions = browserConditions(navigator);
    assert.equal(conditions.uploadAllowed(), true);
    conditions.onChange(() => assert.fail())();
  }
});

test("a visitor who saves data uploads nothing", () => {
  assert.equal(browserConditions({ connection: { saveData: true } }).uploadAllowed(), false);
});

test("a visitor on a mobile network uploads nothing, one on Wi-Fi does", () => {
  assert.equal(browserConditions({ connection: { type: "cellular" } }).uploadAllowed(), false);
  assert.equal(browserConditions({ connection: { type: "wifi" } }).uploadAllowed(), true);
});

test("a listener hears each change of the answer, and only those, until it is removed", () => {
  const connection = new Connection();
  const conditions = browserConditions({ connection });
  const heard: boolean[] = [];
  const stop = conditions.onChange((allowed) => heard.push(allowed));
  connection.become({ type: "wifi" });
  connection.become({ type: "cellular" });
  connection.become({ saveData: true });
  connection.become({ type: "wifi" });
  connection.become({ saveData: false });
  assert.deepEqual(heard, [false, true]);
  stop();
  connection.become({ saveData: true });
  assert.deepEqual(heard, [false, true]);
  assert.equal(conditions.uploadAllowed(), false);
});
