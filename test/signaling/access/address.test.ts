import assert from "node:assert/strict";
import { test } from "node:test";
import { addressGroup, addressKey, plainAddress } from "#signaling/access/address.ts";

test("an IPv4 address is counted as itself, also when it comes mapped into IPv6", () => {
  assert.equal(addressKey("192.0.2.7"), "192.0.2.7");
  assert.equal(addressKey("::ffff:192.0.2.7"), "192.0.2.7");
});

test("IPv6 addresses of one /64 are counted together, however they are written", () => {
  const key = addressKey("2001:db8:1:2:3:4:5:6");
  assert.equal(key, "2001:db8:1:2::/64");
  for (const same of ["2001:0DB8:1:2::1", "2001:db8:1:2:ffff::", "2001:db8:1:2::192.0.2.1"]) {
    assert.equal(addressKey(same), key, same);
  }
  assert.notEqual(addressKey("2001:db8:1:3::1"), key);
  assert.equal(addressKey("fe80::1%eth0"), "fe80:0:0:0::/64");
  assert.equal(addressKey("::1"), "0:0:0:0::/64");
});

test("what is no address is counted under its own name", () => {
  assert.equal(addressKey(""), "");
  assert.equal(addressKey("nonsense"), "nonsense");
});

test("every spelling of an address that was mapped into IPv6 is that IPv4 address", () => {
  for (const text of [
    "::ffff:192.0.2.7",
    "::FFFF:c000:207",
    "0:0:0:0:0:ffff:c000:0207",
    "::ffff:192.0.2.7%eth0",
  ])
    assert.equal(plainAddress(text), "192.0.2.7", text);
  for (const text of ["::fffe:192.0.2.7", "1::ffff:192.0.2.7", "::192.0.2.7"]) {
    assert.equal(plainAddress(text), text);
  }
  assert.equal(plainAddress("192.0.2.7:80"), undefined);
});

test("addresses of one network are one group: 16 bits of IPv4, 32 of IPv6", () => {
  assert.equal(addressGroup("192.0.2.7"), "192.0.0.0/16");
  assert.equal(addressGroup("::ffff:192.0.9.9"), "192.0.0.0/16");
  assert.equal(addressGroup("2001:0db8:1::7"), "2001:db8::/32");
  assert.equal(addressGroup("2001:db8:ffff::"), "2001:db8::/32");
  assert.equal(addressGroup("nonsense"), "");
});
