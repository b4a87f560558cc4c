import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import { ENGINE_DEFAULTS } from "#sdk/engine/options.ts";
import { ContentTransfer } from "#sdk/engine/transfer/content-transfer.ts";
import { RarestFirst } from "#sdk/engine/transfer/picker.ts";
import { MAX_LIVE_PIECES } from "#sdk/protocol/limits.ts";
import { type LiveContent, liveContent } from "#test/sim/sim-content.ts";
import { CHUNK, of, peerNo, Stage, sent } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];
const SEGMENT = 100;

/** A stage with a stream, of which the first segment is wanted, unless told otherwise, and not there. */
function streaming({ wants = true } = {}) {
  const live = liveContent(7, 3);
  const stage = new Stage();
  stage.add(live);
  const first = stage.publish(live, SEGMENT);
  if (wants) stage.want({ content: live.content, resource: first, end: CHUNK, playing: true });
  return { live, stage, first };
}

/** So many segments more: after 82 of them the first one is too old to be remembered. */
function goOn({ stage, live }: { stage: Stage; live: LiveContent }, segments = 90): void {
  for (let n = 0; n < segments; n++) stage.publish(live, SEGMENT);
}

test("segments beyond the number of pieces that is remembered are forgotten, and none before", () => {
  const stream = streaming({ wants: false });
  const { live, stage, first } = stream;
  goOn(stream, 81);
  assert.equal(live.geometry.knows(first), true);
  goOn(stream, 1);
  assert.deepEqual([live.geometry.knows(first), live.geometry.knows(first + 1)], [false, true]);
  goOn(stream);
  const { first: begin, end } = live.geometry;
  assert.ok(end - begin >= MAX_LIVE_PIECES && end - begin < MAX_LIVE_PIECES + SEGMENT, `${end - begin}`);
  const have = stage.node.have(live.content);
  assert.deepEqual([have?.first, have?.end], [begin - (begin % 8), end]);
});

test("a segment that is wanted is not forgotten, and is once it was delivered", () => {
  const stream = streaming({ wants: false });
  const { live, stage, first } = stream;
  stage.meet(A, { content: live });
  stage.fetches(A, { first: 3, count: 1 });
  stage.want({ content: live.content, resource: first, end: CHUNK, playing: true });
  goOn(stream);
  assert.ok(live.geometry.knows(first));
  assert.deepEqual(of(stage.effects, "fetch-origin"), [], "nothing is on its way yet");
  stage.fetches(A);
  const [fetch] = of(stage.effects, "fetch-origin");
  assert.deepEqual([fetch?.first, fetch?.count], [3, 1]);
  assert.equal(of(stage.originBrings(fetch?.fetch ?? 0, [3], live), "deliver").length, 1);
  stage.input({ type: "origin-done", fetch: fetch?.fetch ?? 0 });
  goOn(stream, 1);
  assert.ok(!live.geometry.knows(first));
});

test("a segment whose piece is being checked is not forgotten, though nobody wants it any more", () => {
  const stream = streaming();
  const { live, stage, first } = stream;
  const fetch = of(stage.effects, "fetch-origin")[0]?.fetch ?? 0;
  stage.input({ type: "origin-piece", fetch, piece: 3, data: { byteLength: CHUNK } });
  stage.input({ type: "want-cancelled", want: 1 });
  goOn(stream);
  assert.ok(live.geometry.knows(first));
  assert.equal(of(stage.verifies(3, live), "store").length, 1);
  goOn(stream, 1);
  assert.ok(!live.geometry.knows(first));
});

test("a segment that is in download, or that the origin sends, is not forgotten", () => {
  const works = {
    nothing: () => undefined,
    download: ({ pieces }: ContentTransfer) => void pieces.begin(3),
    fetch: ({ origin }: ContentTransfer) =>
      origin.start({
        fetch: 1,
        resource: 0,
        whole: true,
        at: 0,
        takenOver: false,
        first: 3,
        count: 100,
        next: 9,
      }),
  };
  for (const [what, begin] of Object.entries(works)) {
    const { content, geometry, publish } = liveContent(7, 3);
    publish(SEGMENT);
    const picker = new RarestFirst(1);
    const have = geometry.noPieces();
    const transfer = new ContentTransfer({ content, geometry, have, options: ENGINE_DEFAULTS, picker });
    begin(transfer);
    publish(MAX_LIVE_PIECES);
    transfer.grew([]);
    assert.equal(geometry.knows(0), what !== "nothing", what);
  }
});

test("a request for a piece that was forgotten, or is not known yet, is refused as not had, and is no offence", () => {
  const stream = streaming();
  const { live, stage } = stream;
  stage.originBrings(of(stage.effects, "fetch-origin")[0]?.fetch ?? 0, [3], live);
  stage.meet(A, { content: live, wants: true });
  goOn(stream);
  const asks = (piece: number) => {
    const request = 1000 + piece;
    const frame = { type: "request", handle: 1, request, piece, offset: 0, length: CHUNK } as const;
    return sent(stage.hears(A, frame), "reject", A).map(({ reason }) => reason);
  };
  for (let turn = 0; turn < 2 * ENGINE_DEFAULTS.maxStrikes; turn++) {
    assert.deepEqual(asks(3), ["not-had"]);
    assert.deepEqual(asks(live.geometry.end + turn), ["not-had"]);
  }
  assert.deepEqual(sent(stage.effects, "bye"), []);
});

test("a request beyond the end of a piece that is known stays an offence", () => {
  const { live, stage } = streaming();
  stage.meet(A, { content: live, wants: true });
  for (let request = 1; request <= ENGINE_DEFAULTS.maxStrikes; request++)
    stage.hears(A, { type: "request", handle: 1, request, piece: 3, offset: CHUNK, length: CHUNK });
  assert.equal(sent(stage.effects, "bye", A)[0]?.reason, "banned");
});

test("however long a stream runs, and whatever old segment is still wanted, peers take each other's opening", () => {
  for (const wants of [false, true]) {
    const ours = streaming({ wants });
    goOn(ours);
    const newest = ours.live.geometry.piecesOf(ours.live.geometry.indices.end - 1).first;
    ours.stage.want({ content: ours.live.content, resource: 90, end: CHUNK });
    const fetch = of(ours.stage.effects, "fetch-origin").find(({ first }) => first === newest);
    ours.stage.originBrings(fetch?.fetch ?? 0, [newest], ours.live);
    const [open] = sent(ours.stage.meet(A, { content: liveContent(7) }), "open", A);
    assert.ok(open && open.pieces <= MAX_LIVE_PIECES, `${open?.pieces} pieces`);
    const theirs = streaming({ wants: false });
    goOn(theirs);
    theirs.stage.meet(B, { content: liveContent(8) });
    theirs.stage.hears(B, { ...open, handle: 2 });
    theirs.stage.hears(B, { type: "interested", handle: 2, request: 0, now: 0, runs: [] });
    assert.deepEqual(sent(theirs.stage.effects, "bye"), []);
    const asked = theirs.stage.want({ content: theirs.live.content, resource: 90, end: CHUNK });
    assert.deepEqual(
      sent(asked, "request", B).map(({ piece }) => piece),
      [newest],
      "what it has counts",
    );
  }
});

test("a want of a segment that was forgotten meanwhile fails, and harms nothing else", () => {
  const stream = streaming({ wants: false });
  const { live, stage, first } = stream;
  goOn(stream);
  const effects = stage.want({ content: live.content, resource: first, end: CHUNK });
  const [failed] = of(effects, "want-failed");
  assert.ok(failed?.error instanceof RivuletError);
  assert.equal(of(stage.want({ content: live.content, resource: 90, end: CHUNK }), "fetch-origin").length, 1);
  assert.deepEqual(of(stage.wait(1000), "want-failed"), []);
});
