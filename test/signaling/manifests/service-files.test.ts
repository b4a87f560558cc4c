import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { buildManifest } from "#sdk/cli/build-manifest.ts";
import { plant } from "../../cli/run-cli.ts";
import { bytesOf as randomBytes } from "../../client/support/sample.ts";
import { codeOf, isSigned, pathsOf, serve, stage } from "./manifest-stage.ts";

const FILES = {
  "/b/film.mp4": randomBytes(300_000, 3),
  "/a.txt": "hello",
  "/empty.txt": "",
  "/caf%C3%A9.bin": randomBytes(65_536, 4),
};

test("the manifest of files is what the command line would have built of them, and lies at their origin", async (t) => {
  const { manifest, origin } = await stage(t, { files: FILES, origin: { files: new Map() } });
  const built = await buildManifest({
    directory: plant(t, { "b/film.mp4": FILES["/b/film.mp4"], "a.txt": "hello", "empty.txt": "" }),
    base: `${origin.url}/`,
  });
  const made = await manifest("/b/film.mp4", "/empty.txt", "/a.txt");
  assert.equal(made.base, built.manifest.base);
  const withoutType = (resources: typeof made.resources) =>
    resources.map((one) => ({ ...one, mediaType: "" }));
  assert.deepEqual(withoutType(made.resources), withoutType(built.manifest.resources));
  assert.ok(made.resources.every(({ mediaType }) => mediaType !== undefined));
});

test("the same files asked for in another order, twice or with a fragment give the same bytes", async (t) => {
  const { ask } = await stage(t, { files: FILES });
  const one = await ask(["/a.txt", "/b/film.mp4"]);
  const other = await ask(["/b/film.mp4#t=3", "/a.txt", "/a.txt", "/x/../a.txt"]);
  assert.deepEqual(other, one);
});

test("however many ask at the same time, the origin sends each file once", async (t) => {
  const { ask, origin } = await stage(t, { files: FILES, origin: { latencyMs: 20 } });
  const both = ["/a.txt", "/b/film.mp4"];
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => ask(n % 2 ? both : ["/b/film.mp4"])),
  );
  assert.ok(answers.every(({ status }) => status === 200));
  assert.deepEqual([origin.log.requests("/b/film.mp4").length, origin.log.requests("/a.txt").length], [1, 1]);
  assert.equal(origin.log.copies("/b/film.mp4"), 1);
});

test("what is known is not asked for before its time; then the origin is asked whether it has changed", async (t) => {
  const { ask, origin, clock } = await stage(t, { files: FILES, options: { manifestMaxAgeMs: 60_000 } });
  const first = await ask(["/b/film.mp4"]);
  clock.pass(59_999);
  await ask(["/b/film.mp4"]);
  assert.equal(origin.log.requests().length, 1);
  clock.pass(1);
  const again = await ask(["/b/film.mp4"]);
  assert.deepEqual(again, first);
  assert.deepEqual(
    origin.log.requests().map(({ status }) => status),
    [200, 304],
  );
  clock.pass(59_999);
  await ask(["/b/film.mp4"]);
  assert.equal(origin.log.requests().length, 2);
});

test("a resource that has changed gives a manifest of what it is now, with another tag and signature", async (t) => {
  const { ask, manifest, origin, clock } = await stage(t, { files: FILES });
  const before = await ask(["/a.txt", "/b/film.mp4"]);
  origin.files.set("/b/film.mp4", randomBytes(300_000, 9));
  clock.pass(60_000);
  const after = await ask(["/a.txt", "/b/film.mp4"]);
  assert.notEqual(after.headers.etag, before.headers.etag);
  assert.notEqual(after.headers["rivulet-signature"], before.headers["rivulet-signature"]);
  const [, film] = (await manifest("/a.txt", "/b/film.mp4")).resources;
  const firstPiece = createHash("sha256").update(randomBytes(300_000, 9).subarray(0, 65_536)).digest();
  assert.deepEqual(Buffer.from(film?.hashes.subarray(0, 32) ?? []), firstPiece);
});

test("an origin that fails for a while costs nobody the manifest, and is left in peace", async (t) => {
  const { ask, origin, clock } = await stage(t, { files: FILES });
  const before = await ask(["/a.txt"]);
  origin.faults.set("/a.txt", { status: 503 });
  clock.pass(60_000);
  assert.deepEqual(await ask(["/a.txt"]), before);
  await ask(["/a.txt"]);
  assert.equal(origin.log.requests().length, 2);
  origin.faults.clear();
  clock.pass(10_000);
  await ask(["/a.txt"]);
  assert.deepEqual(
    origin.log.requests().map(({ status }) => status),
    [200, 503, 304],
  );
});

test("a file that is gone from the origin is gone from the manifest, and the answer says that one is left out", async (t) => {
  const { ask, manifest, failure, origin, clock } = await stage(t, { files: FILES });
  await ask(["/a.txt", "/b/film.mp4"]);
  origin.files.delete("/a.txt");
  clock.pass(60_000);
  assert.deepEqual(pathsOf(await manifest("/a.txt", "/b/film.mp4")), ["b/film.mp4"]);
  assert.equal((await ask(["/a.txt", "/b/film.mp4"])).headers["rivulet-left-out"], "1");
  assert.equal(await failure("/a.txt"), "404 resource-missing");
});

test("files that cannot be had just now leave no manifest: another one would come a moment later", async (t) => {
  const { failure, origin, manifest, clock } = await stage(t, { files: FILES });
  origin.faults.set("/a.txt", { status: 500 });
  assert.equal(await failure("/a.txt", "/b/film.mp4"), "502 origin-failed");
  origin.faults.clear();
  clock.pass(10_000);
  assert.equal((await manifest("/a.txt", "/b/film.mp4")).resources.length, 2);
});

test("whoever has the bytes is told so instead of getting them, with the signature", async (t) => {
  const { ask } = await stage(t, { files: FILES });
  const { headers } = await ask(["/a.txt"]);
  const { etag = "" } = headers;
  for (const ifNoneMatch of [etag, `"x", ${etag}`, `W/${etag}`]) {
    const again = await ask(["/a.txt"], { ifNoneMatch });
    assert.deepEqual([again.status, again.body.byteLength], [304, 0]);
    assert.equal(again.headers["rivulet-signature"], headers["rivulet-signature"]);
  }
  assert.equal((await ask(["/a.txt"], { ifNoneMatch: '"x"' })).status, 200);
});

test("a manifest is signed with the key that the server names, and only its very bytes are", async (t) => {
  const { ask, warnings } = await stage(t, { files: FILES });
  const answer = await ask(["/a.txt"]);
  const { body } = await ask([], { path: "/manifest-key" });
  const { x, kid, kty, crv } = JSON.parse(Buffer.from(body).toString());
  assert.deepEqual([kty, crv, Buffer.from(x, "base64url").byteLength], ["OKP", "Ed25519", 32]);
  const thumbprint = createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
  assert.equal(kid, thumbprint);
  assert.ok(isSigned(answer, x));
  assert.ok(!isSigned({ ...answer, body: Buffer.concat([answer.body, Buffer.from(" ")]) }, x));
  assert.match(warnings.join("\n"), /key of this process alone/);
});

test("pages of allowed origins may read the answers, those of others get nothing", async (t) => {
  const page = "https://www.example";
  const { ask } = await stage(t, { files: FILES, pageOrigins: [page] });
  const allowed = await ask(["/a.txt"], { page });
  assert.equal(allowed.headers["access-control-allow-origin"], page);
  assert.equal(allowed.headers.vary, "origin");
  assert.match(allowed.headers["access-control-expose-headers"] ?? "", /rivulet-signature/);
  const foreign = await ask(["/a.txt"], { page: "https://evil.example" });
  assert.deepEqual([foreign.status, codeOf(foreign.body)], [403, "origin-not-allowed"]);
  assert.equal(foreign.headers["access-control-allow-origin"], undefined);
  assert.equal((await ask(["/a.txt"])).status, 200);
  assert.equal((await ask([], { method: "OPTIONS", page })).status, 204);
  const open = await stage(t, { files: FILES });
  const anybody = await open.ask(["/nothing"], { page: "https://any.example" });
  assert.deepEqual([anybody.status, anybody.headers["access-control-allow-origin"]], [404, "*"]);
});

test("bytes whose number the origin does not say are hashed all the same", async (t) => {
  const bytes = randomBytes(150_000, 5);
  const url = await serve(t, (_request, response) => {
    response.write(bytes.subarray(0, 70_000));
    response.end(bytes.subarray(70_000));
  });
  const { manifest } = await stage(t, { alsoAllowed: [url], files: { "/same": bytes } });
  const [found] = (await manifest(`${url}/x`)).resources;
  const [same] = (await manifest("/same")).resources;
  assert.deepEqual([found?.sizeBytes, found?.hashes, found?.root], [150_000, same?.hashes, same?.root]);
});

test("a weak tag is no proof that the bytes are the same", async (t) => {
  let version = 1;
  const seen: (string | undefined)[] = [];
  const url = await serve(t, (request, response) => {
    seen.push(request.headers["if-none-match"]);
    response.writeHead(200, { etag: 'W/"same"' }).end(`version ${version}`);
  });
  const { ask, clock } = await stage(t, { alsoAllowed: [url] });
  const before = await ask([`${url}/x`]);
  version = 2;
  clock.pass(60_000);
  const after = await ask([`${url}/x`]);
  assert.notDeepEqual(after.body, before.body);
  assert.deepEqual(seen, [undefined, undefined]);
});
