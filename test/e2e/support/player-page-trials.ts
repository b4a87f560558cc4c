import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import { flipBits } from "./misbehave.ts";
import {
  assertPlayed,
  type FilmStage,
  filmBytesSent,
  openFilm,
  openFilmStage,
  type Played,
  type PlayerName,
  play,
  seek,
  start,
  stop,
} from "./player-page.ts";
import { listen, stats, until } from "./visit.ts";

/** A viewer whose own experience is not the point of a test. */
const HASTY = { rate: 4 };
/** The last segment of the film as a file of its own, and as a part of one. */
const LAST_SEGMENT = /(video-4\.m4s|film-4\.ts)$/;

/** What a player has to do with Rivulet, whatever it is called. The first playlist is used for all that is not about forms. */
export function tryPlayer(player: PlayerName, playlists: Readonly<Record<string, string>>): void {
  const [anyPlaylist = ""] = Object.values(playlists);
  const withStage =
    (
      options: Parameters<typeof openFilmStage>[1],
      run: (stage: FilmStage, t: TestContext) => Promise<void>,
    ) =>
    async (t: TestContext) => {
      const stage = await openFilmStage(player, options);
      try {
        await run(stage, t);
      } finally {
        await stage.close();
      }
    };

  for (const [form, playlist] of Object.entries(playlists)) {
    it(
      `plays ${form} to its end, most of it from another viewer`,
      withStage({}, async (stage, t) => {
        const first = await openFilm(stage);
        assertPlayed(stage, await play(first, playlist, HASTY));
        const bytes = filmBytesSent(stage);
        stage.origin.log.reset();
        const second = await openFilm(stage);
        await until(second, ({ peers }) => peers.length === 1);
        assertPlayed(stage, await play(second, playlist));
        const { peerBytes } = await stats(second);
        const again = filmBytesSent(stage);
        t.diagnostic(`${peerBytes} bytes from the peer; the origin sent ${bytes}, then ${again}`);
        assert.ok(peerBytes > 0);
        // Nobody can wait for a peer with what playback starts with; the rest is not asked of the origin again.
        assert.ok(again < bytes * 0.75, `the origin sent ${again} of ${bytes} bytes again`);
        const asked = stage.origin.log.requests().map(({ path }) => path);
        assert.deepEqual(
          asked.filter((path) => LAST_SEGMENT.test(path)),
          [],
        );
      }),
    );
  }

  it(
    "plays without a signaling server, and costs the origin one copy",
    withStage({ signaling: false }, async (stage) => {
      const viewer = await openFilm(stage);
      const played = await play(viewer, anyPlaylist, HASTY);
      assertPlayed(stage, played);
      assert.equal(filmBytesSent(stage), bytesOf(played));
    }),
  );

  it(
    "plays the right picture beside a peer that flips bits",
    withStage({}, async (stage) => {
      const liar = await openFilm(stage, flipBits);
      assertPlayed(stage, await play(liar, anyPlaylist, HASTY));
      const viewer = await openFilm(stage);
      const banned = await listen(viewer, "peer-banned");
      await until(viewer, ({ peers }) => peers.length === 1);
      assertPlayed(stage, await play(viewer, anyPlaylist));
      const { peerBytes, wastedBytes } = await stats(viewer);
      assert.equal(peerBytes, 0, "not a byte came from the liar");
      assert.ok(wastedBytes > 0, "it was asked");
      assert.equal((await banned()).length, 1);
    }),
  );

  it(
    "leaves a second player on the page alone",
    withStage({ signaling: false }, async (stage) => {
      const viewer = await openFilm(stage);
      const [mine, other] = await Promise.all([
        play(viewer, anyPlaylist, HASTY),
        play(viewer, anyPlaylist, { ...HASTY, withRivulet: false }),
      ]);
      assertPlayed(stage, mine);
      assertPlayed(stage, other);
      const { originBytes, peerBytes, storeBytes } = await stats(viewer);
      assert.equal(originBytes + peerBytes + storeBytes, bytesOf(mine), "one film came through Rivulet");
    }),
  );

  it(
    "asks again, by the player's own rules, for a segment that the origin did not have at first",
    withStage({ signaling: false }, async (stage) => {
      const path = "/assets/video-3.m4s";
      // Rivulet's own request, and the page's in its place.
      stage.origin.faults.set(path, { status: 404, times: 2 });
      const viewer = await openFilm(stage);
      assertPlayed(stage, await play(viewer, "segments.mpd", HASTY));
      const statuses = stage.origin.log.requests(path).map(({ status }) => status);
      assert.deepEqual(statuses.slice(0, 2), [404, 404]);
      assert.ok(statuses.length > 2);
    }),
  );

  it(
    "leaves no request behind when it is stopped, even in the middle of a seek",
    withStage({ signaling: false }, async (stage) => {
      const viewer = await openFilm(stage);
      stage.origin.pace.bytesPerSecond = 50_000;
      await start(viewer, anyPlaylist);
      await seek(viewer, 5);
      await until(viewer, () =>
        stage.origin.log.requests().some(({ path, closed }) => isMedia(path) && !closed),
      );
      await stop(viewer);
      // What it had sent by then may reach a busy origin a little later.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await until(viewer, () => stage.origin.log.requests().every(({ closed }) => closed));
      const before = stage.origin.log.requests().length;
      // What was left behind, such as a retry, would be due within this time.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      assert.equal(stage.origin.log.requests().length, before);
    }),
  );
}

const isMedia = (path: string) => /(m4s|ts|mp4)$/.test(path);

/** What a player was given in all. */
function bytesOf(played: Played): number {
  return played.loads.reduce((sum, { bytes }) => sum + bytes, 0);
}
