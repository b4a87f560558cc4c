import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublicAddress } from "#signaling/manifests/public-addresses.ts";

const PRIVATE: Readonly<Record<string, readonly string[]>> = {
  "this host": ["0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.254", "::", "::1"],
  "private networks": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1"],
  "link-local networks, and the metadata services of clouds": ["169.254.169.254", "fe80::1", "fe80::1%eth0"],
  "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
  "what is reserved, for documentation or for tests": [
    ...[
      "192.0.0.1",
      "192.0.2.1",
      "198.18.0.1",
      "198.19.255.255",
      "198.51.100.1",
      "203.0.113.1",
      "192.88.99.1",
    ],
    ...["240.0.0.1", "255.255.255.255", "2001:db8::1", "3fff::1", "100::1", "4000::1", "2001:10::1"],
  ],
  "IPv4 in the forms of IPv6: mapped, compatible, NAT64, 6to4, Teredo": [
    ...["::ffff:10.0.0.1", "::ffff:7f00:1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:127.0.0.1"],
    ...[
      "64:ff9b::7f00:1",
      "64:ff9b::808:808",
      "64:ff9b:1::1",
      "2002:7f00:1::",
      "2002:808:808::1",
      "2001:0:1::1",
    ],
  ],
  "no address": [
    "",
    "localhost",
    "8.8.8",
    "8.8.8.8.8",
    "0x7f.1",
    "1.2.3.4/8",
    ":::",
    "2001:4860:4860::88888",
  ],
};

for (const [what, addresses] of Object.entries(PRIVATE)) {
  test(`not public: ${what}`, () => {
    for (const address of addresses) assert.equal(isPublicAddress(address), false, address);
  });
}

test("public: what everybody reaches, up to the edges of the ranges that are not", () => {
  const edges = [
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
  ];
  const more = [
    "8.8.8.8",
    "192.167.255.255",
    "192.169.0.0",
    "223.255.255.255",
    "198.17.255.255",
    "198.20.0.0",
  ];
  const six = ["2001:4860:4860::8888", "2606:4700::1", "2a00::1", "2001:200::1", "2003::1", "3ffe::1"];
  for (const address of [...edges, ...more, ...six]) assert.equal(isPublicAddress(address), true, address);
});
