import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bytesOf as randomBytes } from "../../client/support/sample.ts";
import { codeOf, serve, stage, until } from "./manifest-stage.ts";

test("a request that names nothing, too much, or what no manifest can list is told why", async (t) => {
  const { failure, origin } = await stage(t, {
    files: { "/a": "a", "/b": "b", "/l.m3u8": "" },
    options: { manifestMaxUrls: 3 },
    alsoAllowed: ["http://other.example"],
  });
  assert.equal(await failure(), "400 url-missing");
  assert.equal(await failure("/a", "/b", "/c", "/d"), "400 too-many-urls");
  assert.equal(await failure("/a", "http://other.example/a"), "400 several-origins");
  assert.equal(await failure("/a", "/l.m3u8"), "400 playlist-not-alone");
  assert.equal(await failure("/film.mpd"), "400 playlist-unsupported");
  for (const path of ["/", "//a", `/${"a".repeat(2049)}`])
    assert.equal(await failure(path), "400 url-malformed", path);
  assert.equal(origin.log.requests().length, 0);
});

test("only GET is answered, only at the service's paths", async (t) => {
  const { ask, service } = await stage(t, { files: { "/a": "a" } });
  const post = await ask(["/a"], { method: "POST" });
  assert.deepEqual(
    [post.status, codeOf(post.body), post.headers.allow],
    [405, "method-not-allowed", "GET, HEAD, OPTIONS"],
  );
  const call = { method: "GET", query: new URLSearchParams(), headers: {}, address: "" };
  for (const path of ["/", "/manifests", "/manifest/", "/healthz"])
    assert.equal(service.answer({ ...call, path }), undefined, path);
});

test("a resource over its limit is not listed, and not read to its end, whether its size was said or not", async (t) => {
  let sent = 0;
  let isGone = false;
  const url = await serve(t, (_request, response) => {
    const send = (): void => {
      sent += 65_536;
      response.write(Buffer.alloc(65_536), (error) => !error && send());
    };
    response.once("close", () => {
      isGone = true;
    });
    send();
  });
  const { failure, manifest, origin } = await stage(t, {
    files: { "/small": randomBytes(100_000), "/big": randomBytes(100_001) },
    options: { manifestMaxResourceBytes: 100_000 },
    alsoAllowed: [url],
  });
  assert.equal((await manifest("/small")).resources.length, 1);
  assert.equal(await failure("/big"), "422 resource-too-large");
  assert.deepEqual(
    (await manifest("/small", "/big")).resources.map(({ path }) => path),
    ["small"],
  );
  assert.equal(origin.log.requests("/big").length, 1);
  assert.equal(await failure(`${url}/endless`), "422 resource-too-large");
  await until(() => isGone, "the endless answer was cut");
  assert.ok(sent < 16_000_000, `${sent} bytes`);
});

test("a manifest over its limit is refused", async (t) => {
  const files = { "/a": randomBytes(1000), "/b": randomBytes(1000) };
  const { failure, manifest } = await stage(t, { files, options: { manifestMaxTotalBytes: 1999 } });
  assert.equal((await manifest("/a")).resources.length, 1);
  assert.equal(await failure("/a", "/b"), "422 content-too-large");
});

test("what comes compressed is refused", async (t) => {
  const faults = { "/a": { headers: { "Content-Encoding": "gzip" } } };
  const { failure } = await stage(t, { files: { "/a": "a" }, origin: { faults } });
  assert.equal(await failure("/a"), "502 content-encoded");
});

test("an origin that cuts its answer short, or is not there, has failed", async (t) => {
  const faults = { "/cut": { cutAfterBytes: 10 }, "/down": { down: true }, "/gone": { status: 410 } };
  const files = { "/cut": randomBytes(1000) };
  const { failure } = await stage(t, { files, origin: { faults }, alsoAllowed: ["http://127.0.0.1:1"] });
  assert.equal(await failure("/cut"), "502 origin-failed");
  assert.equal(await failure("/down"), "502 origin-failed");
  assert.equal(await failure("http://127.0.0.1:1/a"), "502 origin-failed");
  assert.equal(await failure("/gone"), "404 resource-missing");
});

test("an https origin has to have a certificate that is good for its name", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "rivulet-cert-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const make = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
  ];
  execFileSync("openssl", [...make, ...names, "-keyout", key, "-out", cert], { stdio: "pipe" });
  let asked = 0;
  const options = { key: readFileSync(key), cert: readFileSync(cert) };
  const server = createServer(options, (_request, response) => {
    asked += 1;
    response.end("a");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { ask } = await stage(t, { alsoAllowed: [`https://localhost:${port}`] });
  const { status, body } = await ask([`https://localhost:${port}/a`]);
  assert.deepEqual([status, codeOf(body), asked], [502, "origin-failed", 0]);
  assert.match(Buffer.from(body).toString(), /SELF_SIGNED/);
});

test("an origin that falls silent, before or within its answer, or that dawdles, is given up", async (t) => {
  const faults = { "/silent": { silent: true }, "/stalled": { stallAfterBytes: 10 } };
  const files = { "/stalled": randomBytes(1000) };
  const silent = await stage(t, { files, origin: { faults }, options: { manifestSilenceMs: 60 } });
  assert.equal(await silent.failure("/silent"), "504 origin-timeout");
  assert.equal(await silent.failure("/stalled"), "504 origin-timeout");
  const slow = await stage(t, {
    files: { "/slow": randomBytes(1_000_000) },
    origin: { bytesPerSecond: 100_000 },
    options: { manifestFetchTimeoutMs: 100 },
  });
  assert.equal(await slow.failure("/slow"), "504 origin-timeout");
});

test("so many fetches run at a time, so many wait, further ones are refused; urgent or not, nobody is forgotten", async (t) => {
  const options = { manifestConcurrentFetches: 2, manifestMaxQueuedFetches: 1 };
  const files = { "/1": "1", "/2": "2", "/3": "3", "/4": "4" };
  const { ask, service, origin } = await stage(t, { files, options, origin: { latencyMs: 100 } });
  const asked = ["/1", "/2", "/3", "/4"].map((name) => ask([name]));
  assert.deepEqual([service.load().fetchesRunning, service.load().fetchesWaiting], [2, 1]);
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  assert.deepEqual(statuses, [200, 200, 200, 503]);
  assert.equal((await ask(["/4"])).status, 200);
  assert.equal(origin.log.requests().length, 4);
});

test("requests from one address cause so many fetches and no more, until time has passed", async (t) => {
  const options = { manifestFetchRate: 2, manifestFetchBurst: 3 };
  const { ask, clock } = await stage(t, { files: { "/a": "a" }, options });
  const code = async (names: readonly string[], address = "192.0.2.1") => {
    const { status, body, headers } = await ask(names, { address });
    return status === 429 ? `${codeOf(body)} ${headers["retry-after"]}` : status;
  };
  assert.equal(await code(["/1", "/2", "/3", "/4"]), "too-many-fetches-from-address 2");
  assert.deepEqual([await code(["/a", "/2"]), await code(["/3"])], [200, 404]);
  assert.equal(await code(["/4"]), "too-many-fetches-from-address 2");
  assert.equal(await code(["/a"]), 200, "what is known costs nothing");
  assert.equal(await code(["/4"], "192.0.2.2"), 404);
  clock.pass(500);
  assert.deepEqual([await code(["/5"]), await code(["/6"])], [404, "too-many-fetches-from-address 2"]);
});

test("whoever asks for what takes long is told to come again, and the work goes on for those who do", async (t) => {
  const { ask, clock, origin, service } = await stage(t, {
    files: { "/a": "a" },
    origin: { latencyMs: 100 },
  });
  const asking = ask(["/a"]);
  await until(() => origin.log.requests().length === 1);
  clock.pass(4000);
  const early = await asking;
  assert.deepEqual(
    [early.status, codeOf(early.body), early.headers["retry-after"]],
    [503, "manifest-preparing", "2"],
  );
  await until(() => service.load().fetchesRunning === 0);
  assert.equal((await ask(["/a"])).status, 200);
  assert.equal(origin.log.requests().length, 1);
  assert.equal(clock.timers, 0);
});

test("the caches stay within their bytes, however much is asked for", async (t) => {
  const manifestCacheBytes = 50_000;
  const bytes = Buffer.alloc(1_000_000, 7);
  const url = await serve(t, (_request, response) => response.end(bytes));
  const options = { manifestCacheBytes, manifestFetchBurst: 1000 };
  const { ask, service } = await stage(t, { options, alsoAllowed: [url] });
  for (let n = 0; n < 40; n++) {
    assert.equal((await ask([`${url}/${n}`])).status, 200);
    assert.ok(service.load().cacheBytes <= manifestCacheBytes, `${service.load().cacheBytes} after ${n}`);
  }
  assert.ok(service.load().cacheBytes > manifestCacheBytes / 2);
});
