import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { accountOf } from "#demo/server/origin-account.ts";
import { renderPages } from "#demo/server/pages.ts";
import { RequestLog } from "../support/test-origin-log.ts";

const publicDir = fileURLToPath(new URL("../../demo/public/", import.meta.url));
const mediaDir = join(publicDir, "media");
const PAGES = ["index.html", "gallery.html", "video.html", "live.html", "share.html"];
const MIB = 1024 * 1024;

function send(log: RequestLog, path: string, sizeBytes: number, bytes: number): void {
  const request = { method: "GET", path, range: undefined, headers: {}, status: 200, sizeBytes, bytes: 0 };
  const entry = { ...request, finished: true, closed: true };
  log.add(entry);
  log.sent(entry, bytes);
}

test("copies count how often the same bytes left the origin; what nobody asked for is in no sum", () => {
  const log = new RequestLog();
  send(log, "/media/clip/540p/a.m4s", 100, 100);
  send(log, "/media/clip/540p/a.m4s", 100, 50);
  send(log, "/media/clip/240p/a.m4s", 40, 10);
  assert.deepEqual(accountOf(log, "/media/clip/"), { sentBytes: 160, copies: 160 / 110 });
});

test("playlists, manifests and other folders are no content", () => {
  const log = new RequestLog();
  for (const path of ["/live/index.m3u8", "/live/rivulet.json", "/generated/a.png"])
    send(log, path, 100, 100);
  send(log, "/live/segment-1.ts", 70, 70);
  assert.deepEqual(accountOf(log, "/live/"), { sentBytes: 70, copies: 1 });
  assert.deepEqual(accountOf(new RequestLog(), "/live/"), { sentBytes: 0, copies: 0 });
});

test("a program's last words are text on the page, never markup", async () => {
  const directory = await mkdtemp(join(tmpdir(), "rivulet-pages-"));
  for (const name of PAGES) await writeFile(join(directory, name), "<p>{{no-clock}}</p>{{signal}}{{clock}}");
  const clock = { kind: "none", why: '<script>alert("1")</script> & $&' } as const;
  const pages = await renderPages(`${directory}/`, { signalUrl: "ws://x", patience: 3, clock });
  await rm(directory, { recursive: true });
  const text = new TextDecoder().decode(pages.get("/live.html"));
  assert.equal(text, "<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; $&amp;</p>ws://xnone");
});

test("every page leads to every other, and has nothing inline that its content policy forbids", async () => {
  const facts = { signalUrl: "ws://127.0.0.1:1", patience: 3, clock: { kind: "burnt-in" } } as const;
  for (const [path, bytes] of await renderPages(publicDir, facts)) {
    if (!path.endsWith(".html")) continue;
    const text = new TextDecoder().decode(bytes);
    for (const page of ["/gallery.html", "/video.html", "/live.html", "/share.html", "/"])
      assert.ok(text.includes(`href="${page}"`), `${path} has no link to ${page}`);
    assert.doesNotMatch(text, /<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=/, path);
    assert.doesNotMatch(text, /\{\{/, `${path} has a placeholder left`);
  }
});

test("the share page is told where the signaling server is", async () => {
  const facts = { signalUrl: "ws://127.0.0.1:1/", patience: 3, clock: { kind: "burnt-in" } } as const;
  const pages = await renderPages(publicDir, facts);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(pages.get("/share.json"))), {
    signal: facts.signalUrl,
  });
});

test("the clip has three renditions of the same nine segments of four seconds", async () => {
  const master = await readFile(join(mediaDir, "clip/index.m3u8"), "utf8");
  const listed = [...master.matchAll(/RESOLUTION=\d+x(\d+).*\n(\S+)/g)].map(([, height, uri]) => [
    height,
    uri,
  ]);
  const heights = ["240", "360", "540"];
  assert.deepEqual(
    listed,
    heights.map((height) => [height, `${height}p/index.m3u8`]),
  );
  for (const height of heights) {
    const playlist = await readFile(join(mediaDir, `clip/${height}p/index.m3u8`), "utf8");
    assert.equal(playlist.match(/^#EXTINF:4\.000000,\nsegment-0\d\.m4s$/gm)?.length, 9);
    const files = await readdir(join(mediaDir, `clip/${height}p`));
    assert.equal(files.length, 9 + 2, `${height}p: nine segments, their header and the playlist`);
  }
});

test("the media in the repository stay below 6 MiB", async () => {
  const entries = await readdir(mediaDir, { recursive: true });
  const sizes = await Promise.all(entries.map((name) => stat(join(mediaDir, name))));
  const bytes = sizes.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
  assert.ok(bytes > MIB && bytes < 6 * MIB, `${bytes} bytes`);
});
