import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import { CuttableRelay } from "./cuttable-relay.ts";
import type { FilmSite } from "./film-site.ts";
import { firstSegments } from "./media-library.ts";
import type { PlayerReport } from "./page/player-watch.ts";
import { copies, copiesOfChosen } from "./swarm-round.ts";
import { wrongBytes } from "./wrong-bytes.ts";

const PLAYLIST = `#EXTM3U
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.000000,
000.m4s
#EXTINF:4.000000,
001.m4s
#EXTINF:4.000000,
002.m4s
#EXT-X-ENDLIST
`;

test("a playlist that is cut names as many segments as wished, and ends", () => {
  assert.equal(
    firstSegments(PLAYLIST, 2),
    '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:4.000000,\n000.m4s\n#EXTINF:4.000000,\n001.m4s\n#EXT-X-ENDLIST\n',
  );
  assert.equal(firstSegments(PLAYLIST, 3), PLAYLIST);
  assert.equal(firstSegments(PLAYLIST, 9), PLAYLIST);
});

const SEGMENTS = [
  { path: "/a", rendition: "low", bytes: 100 },
  { path: "/b", rendition: "low", bytes: 300 },
];

test("copies are bytes that left the origin ÷ bytes of all segments, whether anybody fetched them or not", () => {
  assert.equal(copies(new Map([["/a", 200]]), SEGMENTS), 0.5);
});

test("of renditions that nobody chose, or began and left, only what was fetched counts", () => {
  assert.equal(copiesOfChosen(new Map([["/a", 250]]), SEGMENTS), 2.5);
  assert.equal(copiesOfChosen(new Map(Object.entries({ "/a": 200, "/b": 100 })), SEGMENTS), 1.5);
  assert.equal(copiesOfChosen(new Map(), SEGMENTS), 0);
});

const RIGHT = new Uint8Array([1, 2, 3]);
const SITE: FilmSite = {
  files: new Map([["/film/000.m4s", RIGHT]]),
  manifest: "/film/rivulet.json",
  playlist: "/film/index.m3u8",
  segments: [{ path: "/film/000.m4s", rendition: "main", bytes: 3 }],
  seconds: 4,
};

function reportOf(path: string, bytes: Uint8Array): PlayerReport {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return {
    firstFrameMs: 1,
    stalls: 0,
    stallMs: 0,
    reportedStalls: 0,
    switches: 0,
    meanLevel: 0,
    bufferedToEnd: true,
    position: 0,
    bufferedSeconds: 4,
    latencyMs: null,
    targetLatencyMs: null,
    errors: [],
    traffic: undefined,
    segments: [{ path, bytes: bytes.byteLength, sha256 }],
  };
}

test("one wrong bit makes a whole segment wrong, and files that are no segments do not count", () => {
  const right = reportOf("/film/000.m4s", RIGHT);
  const flipped = reportOf("/film/000.m4s", new Uint8Array([1, 2, 2]));
  const other = reportOf("/film/init.mp4", new Uint8Array(9));
  assert.deepEqual(wrongBytes(SITE, [right, other]), { handed: 3, wrong: 0 });
  assert.deepEqual(wrongBytes(SITE, [right, flipped, other]), { handed: 6, wrong: 3 });
});

test("a relay that is cut ends its connections and refuses new ones; mended, it answers at the same port", async () => {
  const echo = createServer((socket) => socket.pipe(socket));
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  const address = echo.address();
  const relay = await CuttableRelay.open(typeof address === "object" && address ? address.port : 0);
  const { port } = relay;
  const said = async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write("hello");
    const [answer] = await once(socket, "data");
    return { socket, answer: String(answer) };
  };
  try {
    const { socket, answer } = await said();
    assert.equal(answer, "hello");
    const gone = once(socket, "close");
    await relay.cut();
    await gone;
    const [refusal] = await once(connect(port, "127.0.0.1"), "error");
    assert.equal(refusal.code, "ECONNREFUSED");
    await relay.mend();
    assert.equal(relay.port, port);
    const again = await said();
    assert.equal(again.answer, "hello");
    again.socket.destroy();
  } finally {
    await relay.cut();
    echo.close();
  }
});
