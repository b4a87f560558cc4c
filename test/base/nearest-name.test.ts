import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestName } from "#sdk/base/nearest-name.ts";

test("a mistyped name leads to the nearest known one", () => {
  const known = ["base", "out", "exclude", "maxUploadBytesPerSecond"];
  assert.equal(nearestName("bsae", known), "base");
  assert.equal(nearestName("BASE", known), "base");
  assert.equal(nearestName("exclud", known), "exclude");
  assert.equal(nearestName("maxUploadBytesPerMinute", known), "maxUploadBytesPerSecond");
});

test("the nearer of two wins, and the first of two as near", () => {
  assert.equal(nearestName("cat", ["cart", "cat"]), "cat");
  assert.equal(nearestName("ca", ["cab", "can"]), "cab");
});

test("a name like none of them leads nowhere", () => {
  assert.equal(nearestName("frobnicate", ["base", "out"]), undefined);
  assert.equal(nearestName("xy", ["go"]), undefined);
  assert.equal(nearestName("", ["go"]), undefined);
  assert.equal(nearestName("base", []), undefined);
});
