import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startTestOrigin, type TestOrigin, type TestOriginOptions } from "./test-origin.ts";
import { Pace } from "./test-origin-pace.ts";

const BYTES = Uint8Array.from({ length: 300_000 }, (_, i) => i & 0xff);

async function withOrigin(
  options: TestOriginOptions,
  run: (origin: TestOrigin) => Promise<void>,
): Promise<void> {
  const origin = await startTestOrigin({ files: new Map([["/a.bin", BYTES]]), ...options });
  try {
    await run(origin);
  } finally {
    await origin.close();
  }
}

async function withDirectory(run: (root: string) => Promise<void>): Promise<void> {
  const outer = await mkdtemp(join(tmpdir(), "rivulet-origin-"));
  try {
    await mkdir(join(outer, "root/sub"), { recursive: true });
    await writeFile(join(outer, "secret.txt"), "secret");
    await writeFile(join(outer, "root/index.html"), "<p>front</p>");
    await writeFile(join(outer, "root/sub/index.html"), "<p>sub</p>");
    await symlink(join(outer, "secret.txt"), join(outer, "root/link.txt"));
    await run(join(outer, "root"));
  } finally {
    await rm(outer, { recursive: true, force: true });
  }
}

/** A request whose path the client does not tidy up first. */
async function rawStatus(origin: TestOrigin, target: string): Promise<number> {
  const socket = connect(Number(new URL(origin.url).port), "127.0.0.1");
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  const [head] = await once(socket, "data");
  socket.destroy();
  return Number(String(head).split(" ")[1]);
}

const range = (value: string) => ({ headers: { Range: value } });

test("the origin serves directories, and nothing outside them", () =>
  withDirectory((root) =>
    withOrigin({ root, mounts: { "/more/": join(root, "sub") } }, async (origin) => {
      const front = await fetch(`${origin.url}/`);
      assert.equal(await front.text(), "<p>front</p>");
      assert.equal(front.headers.get("content-type"), "text/html; charset=utf-8");
      assert.equal(await (await fetch(`${origin.url}/sub/`)).text(), "<p>sub</p>");
      assert.equal(await (await fetch(`${origin.url}/more/index.html?x=1`)).text(), "<p>sub</p>");
      for (const path of ["/../secret.txt", "/%2e%2e/secret.txt", "/sub/..%2f..%2fsecret.txt"]) {
        assert.equal(await rawStatus(origin, path), 404, path);
      }
      for (const path of [
        "/..%5csecret.txt",
        "/link.txt",
        "/%00",
        "/%zz",
        "/none",
        "/more/../../secret.txt",
      ]) {
        assert.equal(await rawStatus(origin, path), 404, path);
      }
    }),
  ));

test("the origin answers ranges as RFC 9110 has it", () =>
  withOrigin({}, async ({ url }) => {
    const cases: readonly [string, number, string | null, number][] = [
      ["bytes=0-9", 206, "bytes 0-9/300000", 10],
      ["bytes=299990-", 206, "bytes 299990-299999/300000", 10],
      ["bytes=-10", 206, "bytes 299990-299999/300000", 10],
      ["bytes=299990-999999", 206, "bytes 299990-299999/300000", 10],
      ["bytes=300000-", 416, "bytes */300000", 0],
      ["bytes=0-1,5-6", 200, null, 300_000],
      ["bytes=9-0", 200, null, 300_000],
    ];
    for (const [header, status, contentRange, length] of cases) {
      const response = await fetch(`${url}/a.bin`, range(header));
      assert.equal(response.status, status, header);
      assert.equal(response.headers.get("content-range"), contentRange, header);
      assert.equal((await response.arrayBuffer()).byteLength, length, header);
    }
  }));

test("a HEAD request and one for what the client has cost no bytes", () =>
  withOrigin({}, async ({ url, log }) => {
    const head = await fetch(`${url}/a.bin`, { method: "HEAD" });
    assert.equal(head.headers.get("content-length"), "300000");
    const etag = head.headers.get("etag") ?? "";
    const cached = await fetch(`${url}/a.bin`, { headers: { "If-None-Match": etag } });
    assert.equal(cached.status, 304);
    assert.equal(log.bytes(), 0);
  }));

test("the log counts the bytes of each answer", () =>
  withOrigin({}, async ({ url, log }) => {
    await (await fetch(`${url}/a.bin`)).arrayBuffer();
    await (await fetch(`${url}/a.bin`, range("bytes=0-149999"))).arrayBuffer();
    await fetch(`${url}/none`);
    assert.equal(log.bytes("/a.bin"), 450_000);
    assert.equal(log.copies("/a.bin"), 1.5);
    assert.equal(log.copies("/none"), 0);
    assert.equal(log.bytes(), 450_000);
    assert.deepEqual(
      log.requests().map(({ path, status, bytes, range }) => [path, status, bytes, range]),
      [
        ["/a.bin", 200, 300_000, undefined],
        ["/a.bin", 206, 150_000, "bytes=0-149999"],
        ["/none", 404, 0, undefined],
      ],
    );
    log.reset();
    assert.equal(log.bytes(), 0);
    assert.equal(log.requests("/a.bin").length, 0);
  }));

test("the log stops counting when the client is gone", () =>
  withOrigin({}, async ({ url, log, files }) => {
    files.set("/large.bin", new Uint8Array(64 * 2 ** 20));
    const abort = new AbortController();
    const response = await fetch(`${url}/large.bin`, { signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    while (!log.requests()[0]?.closed) await new Promise(setImmediate);
    const { bytes, finished } = log.requests()[0] ?? assert.fail();
    assert.equal(finished, false);
    assert.ok(bytes > 0 && bytes < 64 * 2 ** 20, `${bytes} bytes`);
    assert.equal(log.bytes(), bytes);
  }));

test("all connections share the rate", async () => {
  const waitsMs: number[] = [];
  const clock = { now: () => 0, sleep: async (ms: number) => void waitsMs.push(ms) };
  const pace = new Pace(20, 1_000_000, clock);
  const { signal } = new AbortController();
  await pace.latency(signal);
  await Promise.all([pace.take(100_000, signal), pace.take(50_000, signal)]);
  pace.bytesPerSecond = undefined;
  await pace.take(1_000_000, signal);
  assert.deepEqual(waitsMs, [20, 100, 150]);
});

test("an origin that is slowed down sends all the same", () =>
  withOrigin({ bytesPerSecond: 20_000_000, latencyMs: 1 }, async ({ url, log }) => {
    await (await fetch(`${url}/a.bin`)).arrayBuffer();
    assert.equal(log.bytes(), 300_000);
  }));

test("a client with a line of its own waits for that, and no other does", async () => {
  const waitsMs: number[] = [];
  const clock = { now: () => 0, sleep: async (ms: number) => void waitsMs.push(ms) };
  const slow = new Pace(3500, 300_000, clock);
  const paceOf = ({ headers }: IncomingMessage) => (headers["x-client"] === "slow" ? slow : undefined);
  await withOrigin({ paceOf }, async ({ url }) => {
    await (await fetch(`${url}/a.bin`)).arrayBuffer();
    assert.deepEqual(waitsMs, []);
    const answer = await fetch(`${url}/a.bin`, { headers: { "X-Client": "slow" } });
    assert.equal((await answer.arrayBuffer()).byteLength, BYTES.byteLength);
    // The clock stands still: the last of the blocks waits for all of them, a second.
    assert.equal(waitsMs[0], 3500);
    assert.equal(waitsMs.at(-1), 1000);
  });
});

test("pages of other sites may read what they need, unless told otherwise", () =>
  withOrigin({}, async ({ url }) => {
    const preflight = await fetch(`${url}/a.bin`, { method: "OPTIONS" });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /Range/);
    const { headers } = await fetch(`${url}/a.bin`, { method: "HEAD" });
    assert.match(headers.get("access-control-expose-headers") ?? "", /Content-Range/);
    await withOrigin({ cors: false }, async (closed) => {
      const answer = await fetch(`${closed.url}/a.bin`, { method: "HEAD" });
      assert.equal(answer.headers.get("access-control-allow-origin"), null);
    });
  }));

test("a fault befalls as many requests as it is told to, and a path's own goes before the general one", () =>
  withOrigin({ faults: { "*": { status: 500 } } }, async ({ url, faults }) => {
    faults.set("/a.bin", { status: 503, times: 2, retryAfter: "7" });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const response = await fetch(`${url}/a.bin`);
      statuses.push(response.status);
      if (i === 0) assert.equal(response.headers.get("retry-after"), "7");
    }
    assert.deepEqual(statuses, [503, 503, 500]);
    faults.clear();
    assert.equal((await fetch(`${url}/a.bin`, { method: "HEAD" })).status, 200);
  }));

test("an answer that is held back comes, whole, once it may", () => {
  let release: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  return withOrigin({ faults: { "/a.bin": { until, times: 1 } } }, async ({ url, log, server }) => {
    const asked = once(server, "request");
    const held = fetch(`${url}/a.bin`);
    await asked;
    // Asked later, and not held back, it has been answered by now.
    assert.equal((await (await fetch(`${url}/a.bin`)).arrayBuffer()).byteLength, BYTES.length);
    assert.deepEqual(
      log.requests().map(({ status }) => status),
      [0, 200],
    );
    release();
    assert.equal((await (await held).arrayBuffer()).byteLength, BYTES.length);
  });
});

test("texts go out compressed to who takes that, when told so; media and parts never do", async () => {
  const text = "a line that comes again and again\n".repeat(500);
  const files = new Map([
    ["/a.js", new TextEncoder().encode(text)],
    ["/a.ts", new TextEncoder().encode(text)],
  ]);
  const origin = await startTestOrigin({ files, compress: true });
  try {
    const script = await fetch(`${origin.url}/a.js`);
    assert.equal(script.headers.get("content-encoding"), "gzip");
    assert.equal(await script.text(), text);
    assert.ok(origin.log.bytes("/a.js") < text.length / 10);
    const plain = await fetch(`${origin.url}/a.js`, { headers: { "Accept-Encoding": "identity" } });
    assert.equal(plain.headers.get("content-encoding"), null);
    for (const [path, headers] of [
      ["/a.ts", {}],
      ["/a.js", { Range: "bytes=0-9" }],
    ] as const) {
      const response = await fetch(origin.url + path, { headers });
      assert.equal(response.headers.get("content-encoding"), null);
      assert.equal((await response.text()).length, path === "/a.ts" ? text.length : 10);
    }
  } finally {
    await origin.close();
  }
});
