import assert from "node:assert/strict";
import { test } from "node:test";
import { second } from "@rivulet/sdk/protocol";
import { addressKey, forwardedAddress } from "#signaling/address.ts";
import { ConnectionCounter, MessageRate, TokenBucket } from "#signaling/limits.ts";

const count = (times: number, take: () => boolean) =>
  Array.from({ length: times }, take).filter(Boolean).length;

test("a full bucket gives its burst at once and then nothing", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 5 }, 0);
  assert.equal(
    count(20, () => bucket.take(0)),
    5,
  );
});

test("a bucket fills at its rate, and never beyond its burst", () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 5 }, 0);
  count(5, () => bucket.take(0));
  assert.equal(
    count(20, () => bucket.take(0.3 * second)),
    3,
  );
  assert.equal(
    count(20, () => bucket.take(60 * second)),
    5,
  );
});

test("a clock that goes back gives no tokens, and takes none when it catches up", () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 10 * second);
  assert.equal(bucket.take(10 * second), true);
  assert.equal(bucket.take(0), false);
  assert.equal(bucket.take(10.5 * second), false);
  assert.equal(bucket.take(11 * second), true);
});

test("fractions of a token add up", () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 1 }, 0);
  bucket.take(0);
  const taken = Array.from({ length: 100 }, (_, step) => bucket.take((step + 1) * 100));
  assert.ok(taken.filter(Boolean).length >= 9);
});

test("messages beyond the rate are refused, and refusals beyond their number end the connection", () => {
  const rate = new MessageRate({ messageRate: 1, messageBurst: 2, maxRefusedMessages: 3 }, 0);
  const verdicts = Array.from({ length: 6 }, () => rate.judge(0));
  assert.deepEqual(verdicts, ["pass", "pass", "refuse", "refuse", "refuse", "close"]);
});

test("a connection that waits as told is heard again, and its refusals are forgiven in time", () => {
  const rate = new MessageRate({ messageRate: 1, messageBurst: 1, maxRefusedMessages: 1 }, 0);
  for (let at = 0; at < 100; at++) {
    assert.equal(rate.judge(at * 2 * second), "pass");
    assert.equal(rate.judge(at * 2 * second), "refuse");
  }
});

test("connections are counted in all and by address, and given back", () => {
  const counter = new ConnectionCounter({ maxConnections: 3, maxConnectionsPerAddress: 2 });
  counter.add("a");
  counter.add("a");
  assert.equal(counter.refusal("a"), "too-many-connections-from-address");
  assert.equal(counter.refusal("b"), undefined);
  counter.add("b");
  assert.equal(counter.refusal("c"), "too-many-connections");
  counter.remove("a");
  assert.equal(counter.refusal("a"), undefined);
});

test("an address without a connection takes no memory, and giving back too much changes nothing", () => {
  const counter = new ConnectionCounter({ maxConnections: 10, maxConnectionsPerAddress: 10 });
  for (let n = 0; n < 5; n++) counter.add(`address ${n}`);
  for (let n = 0; n < 5; n++) counter.remove(`address ${n}`);
  counter.remove("address 0");
  assert.deepEqual([counter.total, counter.addresses], [0, 0]);
});

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

test("of a forwarding header only the nearest proxy's word counts", () => {
  assert.equal(forwardedAddress("10.0.0.1, 198.51.100.4"), "198.51.100.4");
  assert.equal(forwardedAddress("2001:db8::1"), "2001:db8::1");
  for (const useless of [undefined, "", "unknown", "10.0.0.1,"])
    assert.equal(forwardedAddress(useless), undefined);
});
