import assert from "node:assert/strict";
import { test } from "node:test";
import { pinnedLookup, type ResolvedAddress } from "#signaling/manifests/pinned-lookup.ts";

const FOUR = { address: "93.184.215.14", family: 4 };
const SIX = { address: "2606:2800:21f:cb07:6820:80da:af6b:8b2c", family: 6 };

/** What a socket gets of a name: addresses, or the code or the message of an error. */
function look(
  addresses: readonly ResolvedAddress[],
  options: object,
  allowPrivate = false,
): Promise<unknown> {
  const lookup = pinnedLookup({ resolve: async () => addresses, allowPrivate });
  return new Promise((resolve) => {
    lookup("site.example", options, (error, address, family) => {
      if (error) resolve(error.code ?? error.message);
      else resolve(typeof address === "string" ? [address, family] : address);
    });
  });
}

test("a socket gets one address or all, of the family that it asks for", async () => {
  const both = [FOUR, SIX];
  assert.deepEqual(await look(both, {}), [FOUR.address, 4]);
  assert.deepEqual(await look(both, { all: true }), both);
  assert.deepEqual(await look(both, { family: 6 }), [SIX.address, 6]);
  assert.deepEqual(await look(both, { family: "IPv6", all: true }), [SIX]);
  assert.match(String(await look([FOUR], { family: 6 })), /has no address/);
  assert.match(String(await look([], { all: true })), /has no address/);
});

test("a name with one address that is not public gives none, unless the operator allows that", async () => {
  const mixed = [FOUR, { address: "127.0.0.1", family: 4 }];
  for (const options of [{}, { all: true }, { family: 4 }])
    assert.equal(await look(mixed, options), "RIVULET_ADDRESS_REFUSED");
  assert.deepEqual(await look(mixed, { all: true }, true), mixed);
});
