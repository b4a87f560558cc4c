import assert from "node:assert/strict";
import { test } from "node:test";
import type HlsJs from "hls.js";
import type { FragmentLoaderContext } from "hls.js";
import { installRivuletHls, rivuletHls } from "#sdk/integrations/hls.ts";
import { FakeSource, mediaAt } from "./support/segment-fakes.ts";

const loadPolicy = { maxTimeToFirstByteMs: 1000, maxLoadTimeMs: 1000, timeoutRetry: null, errorRetry: null };

/** The default frame rate watch. */
class FpsWatch {
  readonly player: unknown;
  constructor(player: unknown) {
    this.player = player;
  }
}

/** An hls.js of its own, which does with its configuration what the real one does. */
function freshHls({ watches = true } = {}) {
  const fpsController = watches ? FpsWatch : undefined;
  class FakeHls {
    static DefaultConfig: Record<string, unknown> = { fLoader: undefined, fpsController };
    readonly config: Record<string, unknown>;
    readonly fps: unknown;
    media: unknown = null;

    constructor(given: object = {}) {
      this.config = { ...FakeHls.DefaultConfig, ...given };
      const Fps = this.config.fpsController as (new (player: unknown) => unknown) | undefined;
      this.fps = Fps ? new Fps(this) : null;
    }

    /** Has a segment loaded that begins there; returns what Rivulet was told of it. */
    load(start: number, source: FakeSource) {
      const Loader = this.config.fLoader as ReturnType<typeof rivuletHls>["fLoader"];
      const loader = new Loader(this.config as never);
      const context = { url: "/1.ts", responseType: "arraybuffer", frag: { start } };
      const config = { loadPolicy, maxRetry: 0, timeout: 0, retryDelay: 0, maxRetryDelay: 0 };
      const heard = { onSuccess: () => {}, onError: () => {}, onTimeout: () => {} };
      loader.load(context as FragmentLoaderContext, config, heard);
      loader.destroy();
      return source.last.init.playback;
    }
  }
  return FakeHls;
}

const install = (player: ReturnType<typeof freshHls>, source: FakeSource) =>
  installRivuletHls(player as unknown as typeof HlsJs, source);

test("a player keeps its own frame rate watch, made as by itself", () => {
  const Hls = freshHls();
  const player = new Hls(rivuletHls(new FakeSource()));
  assert.ok(player.fps instanceof FpsWatch);
  assert.equal(player.fps.player, player);
});

test("nothing but the two classes of the configuration is set", () => {
  assert.deepEqual(Object.keys(rivuletHls(new FakeSource())), ["fLoader", "fpsController"]);
});

test("segments are as urgent as the player's media says, once it is attached", () => {
  const source = new FakeSource();
  const Hls = freshHls();
  const player = new Hls(rivuletHls(source));
  assert.deepEqual(player.load(20, source), { dueInMs: 0 });
  player.media = mediaAt(10, [0, 20]);
  assert.deepEqual(player.load(20, source), { dueInMs: 10_000 });
  player.media = mediaAt(15, [0, 20]);
  assert.deepEqual(player.load(20, source), { dueInMs: 5000 });
});

test("two players with one configuration have each their own media", () => {
  const source = new FakeSource();
  const Hls = freshHls();
  const config = rivuletHls(source);
  const [one, other] = [new Hls(config), new Hls(config)];
  one.media = mediaAt(10, [0, 20]);
  other.media = mediaAt(18, [0, 20]);
  assert.deepEqual([one.load(20, source), other.load(20, source)], [{ dueInMs: 10_000 }, { dueInMs: 2000 }]);
});

test("a build of hls.js that watches no frame rate gets something that does nothing", () => {
  const Hls = freshHls({ watches: false });
  const { fps } = new Hls(rivuletHls(new FakeSource()));
  const nothing = fps as { setStreamController(controller: unknown): void; destroy(): void };
  nothing.setStreamController({});
  nothing.destroy();
});

test("once installed, every player that is made from then on loads through Rivulet, and none before", () => {
  const source = new FakeSource();
  const Hls = freshHls();
  const before = new Hls();
  install(Hls, source);
  assert.equal(before.config.fLoader, undefined);
  const player = new Hls({ startLevel: 2 });
  player.media = mediaAt(10, [0, 20]);
  assert.deepEqual(player.load(20, source), { dueInMs: 10_000 });
  assert.deepEqual([player.config.startLevel, player.fps instanceof FpsWatch], [2, true]);
});

test("what is installed twice, or together with a configuration, ends at the player's own watch", () => {
  const [first, second, third] = [new FakeSource(), new FakeSource(), new FakeSource()];
  const Hls = freshHls();
  install(Hls, first);
  install(Hls, second);
  const player = new Hls();
  assert.ok(player.fps instanceof FpsWatch && player.fps.player === player);
  player.load(0, second);
  assert.deepEqual([first.asked.length, second.asked.length], [0, 1], "the later one serves");
  const own = new Hls(rivuletHls(third));
  assert.ok(own.fps instanceof FpsWatch);
  own.media = mediaAt(10, [0, 20]);
  assert.deepEqual(own.load(20, third), { dueInMs: 10_000 });
});

test("installed in a build without a frame rate watch, twice, nothing goes round in circles", () => {
  const Hls = freshHls({ watches: false });
  install(Hls, new FakeSource());
  install(Hls, new FakeSource());
  assert.ok(new Hls().fps);
});

test("a page may take the configuration into hls.js's defaults itself", () => {
  const source = new FakeSource();
  const Hls = freshHls();
  Object.assign(Hls.DefaultConfig, rivuletHls(source));
  const player = new Hls();
  player.media = mediaAt(10, [0, 20]);
  assert.deepEqual(player.load(20, source), { dueInMs: 10_000 });
  assert.ok(player.fps);
});
