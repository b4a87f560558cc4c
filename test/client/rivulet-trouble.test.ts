import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { MemoryStore } from "#sdk/adapters/memory-store.ts";
import { webCryptoSha256 } from "#sdk/adapters/sha256.ts";
import { SimplePeerTransport } from "#sdk/adapters/simple-peer-transport.ts";
import { MIB } from "#sdk/base/bytes.ts";
import { type ErrorCode, RivuletError } from "#sdk/base/errors.ts";
import type { Environment } from "#sdk/client/environment.ts";
import type { RivuletOptions } from "#sdk/client/options.ts";
import { parseManifest } from "#sdk/content/manifest.ts";
import { PIECE_BYTES, settled } from "./support/sample.ts";
import { bytesIn, FILM, openSite, type Site } from "./support/site.ts";

interface Trouble {
  readonly code: ErrorCode;
  readonly options?: Partial<RivuletOptions>;
  readonly environment?: Partial<Environment>;
  readonly prepare?: (site: Site) => void;
}

const text = (value: string) => new TextEncoder().encode(value);

const TROUBLES: Readonly<Record<string, Trouble>> = {
  "a bad option": { code: "bad-option", options: { patienceMs: -1 } },
  "an unknown option": { code: "bad-option", options: { signl: "x" } as object },
  "no WebRTC": {
    code: "unsupported-browser",
    environment: {
      transport: () => new SimplePeerTransport({ iceServers: () => [], iceTransportPolicy: "all" }),
    },
  },
  "no WebSocket": {
    code: "unsupported-browser",
    environment: {
      tracker: () => {
        throw new RivuletError("unsupported-browser", "There is no WebSocket here.");
      },
    },
  },
  "an insecure context": {
    code: "insecure-context",
    environment: { hasher: () => webCryptoSha256({}) },
  },
  "a surprise": {
    code: "unsupported-browser",
    environment: {
      randomBytes: () => {
        throw new TypeError("no randomness");
      },
    },
  },
  "a manifest that is not there": {
    code: "manifest-unreachable",
    prepare: ({ origin }) => void origin.files.delete("/rivulet.json"),
  },
  "a manifest that breaks off": {
    code: "manifest-unreachable",
    prepare: ({ origin }) => void origin.faults.set("/rivulet.json", { cutAfterBytes: 10 }),
  },
  "a malformed manifest": {
    code: "manifest-malformed",
    prepare: ({ origin }) => void origin.files.set("/rivulet.json", text("<!doctype html>")),
  },
};

for (const [what, { code, options = {}, environment = {}, prepare }] of Object.entries(TROUBLES)) {
  test(`with ${what} ready rejects, a problem is told once, and the page is served by the origin`, async (t) => {
    const site = await openSite(t);
    prepare?.(site);
    let opened = 0;
    let closed = 0;
    const store = async () => {
      const memory = new MemoryStore({ quotaBytes: MIB });
      mock.method(memory, "close", async () => void closed++);
      opened++;
      return memory;
    };
    const visitor = site.visit({ options, environment: { store, ...environment } });
    const { rivulet, plain } = visitor;
    const early = rivulet.fetch("/film.bin");
    await assert.rejects(rivulet.ready, { name: "RivuletError", code });
    assert.equal(rivulet.state, "origin-only");
    assert.equal(rivulet.error?.code, code);
    assert.deepEqual(
      visitor.of("problem").map((error) => error.code),
      [code],
    );
    assert.deepEqual(await bytesIn(await early), FILM);
    const range = await rivulet.fetch("/film.bin", { headers: { Range: "bytes=0-9" } });
    assert.deepEqual([range.status, (await bytesIn(range)).length], [206, 10]);
    assert.deepEqual(plain, ["/film.bin", "/film.bin"]);
    const { tracker, peer, originBytes } = rivulet.stats;
    assert.deepEqual([tracker, peer, originBytes], ["off", "", 0]);
    assert.equal(rivulet.sizeOf("/film.bin"), undefined);
    await settled();
    assert.equal(closed, opened, "A store was left open.");
    assert.deepEqual(site.network.peers, [], "A tracker was left open.");
  });
}

test("hashes that do not add up make a problem, and the resource comes from the origin", async (t) => {
  const site = await openSite(t);
  const manifest = new TextDecoder().decode(site.origin.files.get("/rivulet.json"));
  const json = JSON.parse(manifest) as { resources: { root: string }[] };
  const [film, data] = json.resources;
  assert.ok(film && data);
  film.root = data.root;
  const changed = JSON.stringify(json);
  parseManifest(changed);
  site.origin.files.set("/rivulet.json", text(changed));
  const visitor = site.visit();
  assert.deepEqual(await bytesIn(await visitor.rivulet.fetch("/film.bin")), FILM);
  assert.deepEqual(visitor.plain, ["/film.bin"]);
  assert.deepEqual(
    visitor.of("problem").map(({ code }) => code),
    ["manifest-malformed"],
  );
  assert.equal((await (await visitor.rivulet.fetch("/data.json")).json()).hello, "world");
  assert.deepEqual(visitor.plain, ["/film.bin"]);
});

test("a file that is not what the manifest says comes from the origin as it is, with a problem told", async (t) => {
  const { origin, visit } = await openSite(t);
  const changed = FILM.map((byte) => byte ^ 1);
  origin.files.set("/film.bin", changed);
  const visitor = visit();
  assert.deepEqual(await bytesIn(await visitor.rivulet.fetch("/film.bin")), changed);
  assert.deepEqual(visitor.plain, ["/film.bin"]);
  assert.ok(visitor.of("problem").some(({ code }) => code === "stale-manifest"));
});

test("a file that became shorter comes from the origin as it is, with one problem told", async (t) => {
  const { origin, visit } = await openSite(t);
  // Shorter than its first piece: of a longer one the page may have got a part by the time it shows.
  const shorter = FILM.subarray(0, 10);
  origin.files.set("/film.bin", shorter);
  const visitor = visit();
  assert.deepEqual(await bytesIn(await visitor.rivulet.fetch("/film.bin")), shorter);
  assert.deepEqual(await bytesIn(await visitor.rivulet.fetch("/film.bin")), shorter);
  assert.deepEqual(
    visitor.of("problem").map(({ code }) => code),
    ["stale-manifest"],
  );
});

test("a listed file that the origin does not have is its 404, not an endless wait", async (t) => {
  const { origin, visit } = await openSite(t);
  origin.files.delete("/film.bin");
  const { rivulet } = visit();
  const response = await rivulet.fetch("/film.bin");
  assert.equal(response.status, 404);
  await bytesIn(response);
});

test("an origin that fails amid the body errors it", async (t) => {
  const { origin, visit } = await openSite(t);
  origin.faults.set("/film.bin", { cutAfterBytes: PIECE_BYTES + 10, times: 1 });
  const { rivulet } = visit();
  const response = await rivulet.fetch("/film.bin");
  origin.faults.set("/film.bin", { down: true });
  await assert.rejects(bytesIn(response), { code: "origin-failed" });
});
