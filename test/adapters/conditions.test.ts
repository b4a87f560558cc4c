import assert from "node:assert/strict";
import { test } from "node:test";
import {
  browserConditions,
  type ConditionPolicy,
  type Conditions,
  type DocumentLike,
  type Restraint,
} from "#sdk/adapters/conditions.ts";
import { DEFAULTS } from "#sdk/client/options.ts";

/** What the policy, where it is not given the default one, makes of a device and a page. */
function conditionsOf(
  navigator: object,
  { page, ...policy }: Partial<ConditionPolicy> & { page?: DocumentLike } = {},
): Conditions {
  return browserConditions({ ...DEFAULTS, ...policy }, navigator, page);
}

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
    const conditions = conditionsOf(navigator);
    assert.equal(conditions.restraint, "none");
    conditions.onChange(() => assert.fail())();
  }
});

test("a visitor who saves data uploads nothing", () => {
  assert.equal(conditionsOf({ connection: { saveData: true } }).restraint, "no-uploads");
});

test("a visitor on a mobile network uploads nothing, one on Wi-Fi does", () => {
  assert.equal(conditionsOf({ connection: { type: "cellular" } }).restraint, "no-uploads");
  assert.equal(conditionsOf({ connection: { type: "wifi" } }).restraint, "none");
});

test("a visitor whose browser calls the line metered uploads nothing", () => {
  assert.equal(conditionsOf({ connection: { metered: true } }).restraint, "no-uploads");
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
  const conditions = conditionsOf({ getBattery: () => Promise.resolve(battery) }, { page });
  const heard: Restraint[] = [];
  const stop = conditions.onChange((restraint) => heard.push(restraint));
  await Promise.resolve();
  page.hide(true);
  assert.deepEqual(heard, []);
  battery.plug(false);
  page.hide(false);
  page.hide(true);
  battery.plug(true);
  assert.deepEqual(heard, ["no-uploads", "none", "no-uploads", "none"]);
  stop();
  battery.plug(false);
  assert.deepEqual(heard, ["no-uploads", "none", "no-uploads", "none"]);
  assert.equal(conditions.restraint, "no-uploads");
});

test("a page that was hidden before the battery was known hears of it then", async () => {
  const [page, battery] = [new Page(), new Battery()];
  page.hidden = true;
  battery.charging = false;
  const conditions = conditionsOf({ getBattery: () => Promise.resolve(battery) }, { page });
  const heard: Restraint[] = [];
  conditions.onChange((restraint) => heard.push(restraint));
  assert.equal(conditions.restraint, "none");
  await new Promise(setImmediate);
  assert.deepEqual(heard, ["no-uploads"]);
});

test("a hidden page uploads where the browser tells nothing of the battery, or must not", async () => {
  const page = new Page();
  page.hidden = true;
  const refused = () => Promise.reject(new DOMException("No.", "NotAllowedError"));
  for (const navigator of [{}, { getBattery: refused }]) {
    const conditions = conditionsOf(navigator, { page });
    await new Promise(setImmediate);
    assert.equal(conditions.restraint, "none");
  }
});

test("a listener hears each change, and only those, until it is removed", () => {
  const connection = new Connection();
  const conditions = conditionsOf({ connection });
  const heard: Restraint[] = [];
  const stop = conditions.onChange((restraint) => heard.push(restraint));
  connection.become({ type: "wifi" });
  connection.become({ type: "cellular" });
  connection.become({ saveData: true });
  connection.become({ type: "wifi" });
  connection.become({ saveData: false });
  assert.deepEqual(heard, ["no-uploads", "none"]);
  stop();
  connection.become({ saveData: true });
  assert.deepEqual(heard, ["no-uploads", "none"]);
  assert.equal(conditions.restraint, "no-uploads");
});

test("what the owner says of saving data and of metered lines is done, the strictest of it", () => {
  const [saving, paying] = [{ saveData: true }, { type: "cellular" }];
  const cases: readonly [object, Partial<ConditionPolicy>, Restraint][] = [
    [saving, { saveData: "no-peers" }, "no-peers"],
    [saving, { saveData: "ignore" }, "none"],
    [saving, { metered: "no-peers" }, "no-uploads"],
    [paying, { metered: "no-peers" }, "no-peers"],
    [paying, { metered: "ignore" }, "none"],
    [{ metered: true }, { metered: "no-peers" }, "no-peers"],
    [{ ...saving, ...paying }, { saveData: "no-peers" }, "no-peers"],
    [{ ...saving, ...paying }, { saveData: "ignore" }, "no-uploads"],
    [{ ...saving, ...paying }, { saveData: "ignore", metered: "ignore" }, "none"],
  ];
  for (const [connection, policy, expected] of cases)
    assert.equal(conditionsOf({ connection }, policy).restraint, expected, JSON.stringify(policy));
});

test("on battery nothing is uploaded at all where the owner says so, or as ever", async () => {
  const battery = new Battery();
  battery.charging = false;
  const [seen, hidden] = [new Page(), new Page()];
  hidden.hidden = true;
  const cases: readonly [ConditionPolicy["battery"], Page, Restraint][] = [
    ["no-uploads-hidden", seen, "none"],
    ["no-uploads-hidden", hidden, "no-uploads"],
    ["no-uploads", seen, "no-uploads"],
    ["no-uploads", hidden, "no-uploads"],
    ["ignore", hidden, "none"],
  ];
  for (const [policy, page, expected] of cases) {
    const conditions = conditionsOf({ getBattery: async () => battery }, { battery: policy, page });
    await new Promise(setImmediate);
    assert.equal(conditions.restraint, expected, policy);
  }
});

test("a visitor with Global Privacy Control has no peers, or those of TURN servers only, or is as others", () => {
  const objecting = { globalPrivacyControl: true };
  const answers = (["no-peers", "relay", "ignore"] as const).map((policy) => {
    const { restraint, relayOnly } = conditionsOf(objecting, { globalPrivacyControl: policy });
    return [restraint, relayOnly];
  });
  assert.deepEqual(answers, [
    ["no-peers", false],
    ["none", true],
    ["none", false],
  ]);
  assert.equal(conditionsOf(objecting).restraint, "no-peers");
  for (const globalPrivacyControl of [false, undefined, "1"]) {
    const { restraint, relayOnly } = conditionsOf(
      { globalPrivacyControl },
      { globalPrivacyControl: "relay" },
    );
    assert.deepEqual([restraint, relayOnly], ["none", false]);
  }
});

test("a line that becomes metered forbids peers, and allows them when it is no more", () => {
  const connection = new Connection();
  const conditions = conditionsOf({ connection }, { metered: "no-peers" });
  const heard: Restraint[] = [];
  conditions.onChange((restraint) => heard.push(restraint));
  connection.become({ type: "cellular" });
  connection.become({ saveData: true });
  connection.become({ type: "wifi" });
  connection.become({ saveData: false });
  assert.deepEqual(heard, ["no-peers", "no-uploads", "none"]);
});
