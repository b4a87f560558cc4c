import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { PlaylistEvents, type WatchFolder } from "#sdk/cli/watch/playlist-events.ts";
import { SegmentFolder } from "#sdk/cli/watch/segment-folder.ts";
import { watchFolder } from "#sdk/cli/watch/watch-folder.ts";
import { LiveListing } from "#sdk/content/live-listing.ts";
import { parseManifest } from "#sdk/content/manifest.ts";
import { plant } from "../run-cli.ts";
import { playlist, put, segment } from "./live-stage.ts";

const NEVER_MS = 3_600_000;
const noEvents: WatchFolder = () => {
  throw new Error("this disk has none");
};

/** The system's own watchers, counted; `next()` settles when one more is there. */
function counted() {
  let open = 0;
  let opened = (): void => {};
  const watchCounted: WatchFolder = (folder, listener) => {
    const watcher = watch(folder, listener);
    open++;
    opened();
    return {
      on: (event, listener) => watcher.on(event, listener),
      close: () => {
        open--;
        watcher.close();
      },
    };
  };
  const next = () =>
    new Promise<void>((resolve) => {
      opened = resolve;
    });
  return { watch: watchCounted, next, open: () => open };
}

function start(context: TestContext, options: { lookMs: number; watch: WatchFolder }) {
  const directory = plant(context, { "0.ts": segment(0), "index.m3u8": playlist(["0.ts"]) });
  const output = join(plant(context), "m.json");
  const told: string[] = [];
  const tell = (text: string): void => {
    told.push(text);
  };
  const folder = new SegmentFolder({ directory, output, tell }, new LiveListing({ randomBytes }));
  const stop = new AbortController();
  const ended = watchFolder(folder, { ...options, signal: stop.signal });
  context.after(() => stop.abort());
  const listed = async (path: string): Promise<void> => {
    const lists = () =>
      existsSync(output) &&
      parseManifest(readFileSync(output, "utf8")).resources.some((r) => r.path === path);
    while (!lists()) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const end = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  return { directory, told, listed, end };
}

test("a playlist that is written is looked at, long before it is time to look", async (context) => {
  const watchers = counted();
  const isWatched = watchers.next();
  const live = start(context, { lookMs: NEVER_MS, watch: watchers.watch });
  await isWatched;
  for (let index = 1; index < 5; index++) {
    writeFileSync(join(live.directory, `${index}.ts`), segment(index));
    put(live.directory, "index.m3u8", playlist([`${index - 1}.ts`, `${index}.ts`]));
    await live.listed(`${index}.ts`);
  }
  await live.end();
  assert.equal(watchers.open(), 0);
});

test("where the system tells nothing, looking now and then is enough", async (context) => {
  const live = start(context, { lookMs: 5, watch: noEvents });
  await live.listed("0.ts");
  put(live.directory, "1.ts", segment(1));
  put(live.directory, "index.m3u8", playlist(["0.ts", "1.ts"]));
  await live.listed("1.ts");
  await live.end();
});

test("a folder that is made anew is watched anew", async (context) => {
  const watchers = counted();
  const isWatched = watchers.next();
  const live = start(context, { lookMs: 5, watch: watchers.watch });
  await isWatched;
  const again = watchers.next();
  rmSync(live.directory, { recursive: true });
  mkdirSync(live.directory);
  put(live.directory, "1.ts", segment(1));
  put(live.directory, "index.m3u8", playlist(["1.ts"]));
  await again;
  await live.listed("1.ts");
  await live.end();
  assert.equal(watchers.open(), 0);
});

test("it ends while it looks, while it waits, and before it began", async (context) => {
  const looking = start(context, { lookMs: NEVER_MS, watch: noEvents });
  await looking.end();
  const waiting = start(context, { lookMs: NEVER_MS, watch: noEvents });
  await waiting.listed("0.ts");
  await new Promise((resolve) => setTimeout(resolve, 20));
  await waiting.end();
});

test("at most 256 folders are watched, and none that is not asked for any more", () => {
  const open = new Set<string>();
  const events = new PlaylistEvents(
    () => {},
    (folder) => {
      open.add(folder);
      return { on: () => undefined, close: () => open.delete(folder) };
    },
  );
  events.follow(Array.from({ length: 300 }, (_, index) => `/${index}`));
  assert.equal(open.size, 256);
  events.follow(["/7", "/299"]);
  assert.deepEqual([...open].sort(), ["/299", "/7"]);
  events.close();
  assert.equal(open.size, 0);
});

test("only what happens to playlists calls for a look, or what has no name", () => {
  let looks = 0;
  let tell: Parameters<WatchFolder>[1] = () => {};
  const events = new PlaylistEvents(
    () => looks++,
    (_, listener) => {
      tell = listener;
      return { on: () => undefined, close: () => {} };
    },
  );
  events.follow(["/live"]);
  for (const name of ["0.ts", "index.m3u8.tmp", ".index.m3u8.swp", "rivulet.json"]) tell("change", name);
  assert.equal(looks, 0);
  for (const name of ["index.m3u8", "a.mpd", null]) tell("rename", name);
  assert.equal(looks, 3);
});
