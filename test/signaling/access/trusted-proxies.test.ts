import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RivuletError } from "#sdk/protocol/signaling/index.ts";
import { TrustedProxies } from "#signaling/access/trusted-proxies.ts";

const clientOf = (entries: string[], remote: string | undefined, forwarded?: string) =>
  new TrustedProxies(entries).clientOf(remote, forwarded).address;

test("without trusted proxies the header is never looked at", () => {
  assert.deepEqual(new TrustedProxies([]).clientOf("127.0.0.1", "198.51.100.4"), {
    address: "127.0.0.1",
    throughProxy: false,
  });
});

test("a header counts only when the socket's own peer is trusted", () => {
  const trusted = ["192.0.2.1"];
  assert.equal(clientOf(trusted, "192.0.2.1", "198.51.100.4"), "198.51.100.4");
  assert.equal(clientOf(trusted, "192.0.2.2", "198.51.100.4"), "192.0.2.2");
  assert.equal(clientOf(trusted, undefined, "198.51.100.4"), "");
  assert.equal(clientOf(trusted, "192.0.2.1", undefined), "192.0.2.1");
});

test("the client is the last entry that is not trusted, and what it claims itself is not believed", () => {
  const trusted = ["10.0.0.0/8", "2001:db8::/32"];
  assert.equal(
    clientOf(trusted, "10.0.0.1", "127.0.0.1, 198.51.100.4, 10.0.0.3, 2001:db8::2"),
    "198.51.100.4",
  );
  assert.equal(clientOf(trusted, "2001:db8::1", "198.51.100.4"), "198.51.100.4");
});

test("when all are trusted the first of the header is the client", () => {
  assert.equal(clientOf(["private"], "10.0.0.1", "10.0.0.9,192.168.1.2 , 172.16.0.3"), "10.0.0.9");
});

test("an entry that is no address ends the reading at the last good one", () => {
  const trusted = ["private"];
  assert.equal(clientOf(trusted, "10.0.0.1", "198.51.100.4, unknown, 10.0.0.2"), "10.0.0.2");
  for (const useless of ["unknown", "", "198.51.100.4,", "198.51.100.4:99999999", "[10.0.0.2]", "1.2.3"]) {
    assert.equal(clientOf(trusted, "10.0.0.1", useless), "10.0.0.1", useless);
  }
});

test("ports, brackets, zones and mapped addresses are no obstacle", () => {
  const trusted = ["loopback"];
  for (const [entry, address] of [
    ["198.51.100.4:5678", "198.51.100.4"],
    ["[2001:db8::7]:443", "2001:db8::7"],
    ["[2001:db8::7]", "2001:db8::7"],
    ["fe80::7%eth0", "fe80::7"],
    ["::ffff:198.51.100.4", "198.51.100.4"],
  ] as const) {
    assert.equal(clientOf(trusted, "::1", entry), address);
  }
  assert.equal(clientOf(trusted, "::ffff:127.0.0.1", "198.51.100.4"), "198.51.100.4");
  assert.equal(clientOf(trusted, "::ffff:7f00:1", "198.51.100.4"), "198.51.100.4");
});

test("with a number of hops so many entries are passed, whoever they are", () => {
  const header = "203.0.113.1, 198.51.100.4, 192.0.2.9";
  assert.equal(clientOf(["1"], "192.0.2.1", header), "192.0.2.9");
  assert.equal(clientOf(["2"], "192.0.2.1", header), "198.51.100.4");
  assert.equal(clientOf(["7"], "192.0.2.1", header), "203.0.113.1");
  assert.equal(clientOf(["2"], "192.0.2.1", "198.51.100.4, unknown"), "192.0.2.1");
  assert.deepEqual(new TrustedProxies(["1"]).clientOf("192.0.2.1", undefined), {
    address: "192.0.2.1",
    throughProxy: true,
  });
});

test("the names mean their ranges, to the last address and no further", () => {
  const trusts = (name: string, address: string) =>
    new TrustedProxies([name]).clientOf(address, "").throughProxy;
  for (const inside of ["127.0.0.1", "127.255.255.255", "::1"]) assert.ok(trusts("loopback", inside), inside);
  for (const outside of ["128.0.0.0", "::2", "10.0.0.1"]) assert.ok(!trusts("loopback", outside), outside);
  for (const inside of ["10.255.255.255", "172.31.255.255", "192.168.0.0", "fdff::1"]) {
    assert.ok(trusts("private", inside), inside);
  }
  for (const outside of ["11.0.0.0", "172.32.0.0", "192.169.0.0", "fe80::1", "127.0.0.1"]) {
    assert.ok(!trusts("private", outside), outside);
  }
});

test("a header of very many entries is read no further than 32 of them", () => {
  const many = Array.from({ length: 1000 }, (_, n) => `10.0.${n >> 8}.${n & 255}`).join(",");
  assert.equal(clientOf(["private"], "10.9.9.9", many), `10.0.3.${(1000 - 32) & 255}`);
});

test("what is no address, no range, no name and no lone number of hops is refused, and named", () => {
  for (const entries of [
    ["0"],
    ["33"],
    ["1", "2"],
    ["2", "10.0.0.1"],
    ["Loopback"],
    ["constructor"],
    [""],
    ["10.0.0"],
    ["10.0.0.0/33"],
    ["::/129"],
    ["10.0.0.0/"],
    ["10.0.0.0/8/8"],
    ["10.0.0.0/-1"],
    ["::ffff:10.0.0.0/104"],
    ["fe80::1%eth0"],
    ["proxy.example"],
  ]) {
    assert.throws(
      () => new TrustedProxies(entries),
      (error: unknown) => error instanceof RivuletError && error.code === "bad-option",
      entries.join(),
    );
  }
});

const address = () => fc.oneof(fc.ipV4(), fc.ipV6());
const entry = () =>
  fc.oneof(address(), fc.string({ maxLength: 12 }), fc.constantFrom("unknown", "", "10.0.0.1:80"));

test("whatever the header holds, the answer is the peer's address or one of the header's, and nothing is thrown", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("private", "loopback", "3", "::/0"),
      address(),
      fc.array(entry()),
      (name, peer, header) => {
        const { address, throughProxy } = new TrustedProxies([
          name,
          ...(name === "::/0" ? ["0.0.0.0/0"] : []),
        ]).clientOf(peer, header.join(","));
        assert.ok(throughProxy || address === clientOf([], peer));
        const known = [peer, ...header.flatMap((each) => each.split(","))].map((each) =>
          clientOf(["1"], "::1", each),
        );
        assert.ok(known.includes(address), address);
      },
    ),
  );
});

test("what a client writes into the header itself never changes where it is seen to come from", () => {
  const outside = fc.ipV4().filter((text) => !/^(10|192|172)\./.test(text));
  fc.assert(
    fc.property(outside, fc.string(), fc.array(entry()), (client, noise, claims) => {
      const claimed = [noise, ...claims].join(",");
      assert.equal(clientOf(["private"], "10.0.0.1", `${claimed}, ${client}, 10.0.0.2`), client);
      assert.equal(clientOf(["2"], "10.0.0.1", `${claimed}, ${client}, 10.0.0.2`), client);
    }),
  );
});
