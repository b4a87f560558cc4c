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

test("a visitor whose browser calls the line metered uploads nothing", () => {
  assert.equal(browserConditions({ connection: { metered: true } }).uploadAllowed(), false);
});

class Page extends EventTarget {
  hidden = false;

  hide(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

class Battery extends EventTarget {
  charging = true;

  plug(charging: boolean): void {
    this.charging = charging;
    this.dispatchEvent(new Event("chargingchange"));
  }
}

test("a hidden page on battery uploads nothing, until it is seen or the charger is back", async () => {
  const [page, battery] = [new Page(), new Battery()];
  const conditions = browserConditions({ getBattery: () => Promise.resolve(battery) }, page);
  const heard: boolean[] = [];
  const stop = conditions.onChange((allowed) => heard.push(allowed));
  await Promise.resolve();
  page.hide(true);
  assert.deepEqual(heard, []);
  battery.plug(false);
  page.hide(false);
  page.hide(true);
  battery.plug(true);
  assert.deepEqual(heard, [false, true, false, true]);
  stop();
  battery.plug(false);
  assert.deepEqual(heard, [false, true, false, true]);
  assert.equal(conditions.uploadAllowed(), false);
});

test("a page that was hidden before the battery was known hears of it then", async () => {
  const [page, battery] = [new Page(), new Battery()];
  page.hidden = true;
  battery.charging = false;
  const conditions = browserConditions({ getBattery: () => Promise.resolve(battery) }, page);
  const heard: boolean[] = [];
  conditions.onChange((allowed) => heard.push(allowed));
  assert.equal(conditions.uploadAllowed(), true);
  await new Promise(setImmediate);
  assert.deepEqual(heard, [false]);
});

test("a hidden page uploads where the browser tells nothing of the battery, or must not", async () => {
  const page = new Page();
  page.hidden = true;
  const refused = () => Promise.reject(new DOMException("No.", "NotAllowedError"));
  for (const navigator of [{}, { getBattery: refused }]) {
    const conditions = browserConditions(navigator, page);
    await new Promise(setImmediate);
    assert.equal(conditions.uploadAllowed(), true);
  }
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
