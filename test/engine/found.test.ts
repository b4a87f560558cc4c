import assert from "node:assert/strict";
import { test } from "node:test";
import { parseContentId } from "#sdk/base/ids.ts";
import { Bitfield } from "#sdk/content/bitfield.ts";
import type { Effect } from "#sdk/engine/io.ts";
import { Pieces } from "#sdk/engine/transfer/pieces.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { ALL, CHUNK, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];
const { content } = CONTENT;
const data = { byteLength: CHUNK };

function finds(stage: Stage, piece: number): Effect[] {
  return stage.input({ type: "found", content, piece, data });
}

/** A stage on which a peer owes us the piece that a want waits for. */
function owed(): { stage: Stage; request: NonNullable<ReturnType<typeof sent<"request">>[number]> } {
  const stage = new Stage({ snubAfterMs: 60_000 });
  stage.add();
  stage.meet(A, { have: [0] });
  const [request] = sent(stage.want({ end: CHUNK }, { firstByteMs: 60_000 }), "request");
  assert.ok(request);
  return { stage, request };
}

test("a piece that is found is stored, then told of, and offered to peers", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A, { wants: true });
  const effects = [...finds(stage, 3), ...stage.wait(100)];
  assert.deepEqual(
    effects.map(({ type }) => type).filter((type) => type === "store" || type === "event"),
    ["store", "event"],
  );
  assert.deepEqual(of(effects, "store")[0], { type: "store", content, piece: 3, data });
  const event = { type: "piece", content, piece: 3, resource: 0, bytes: CHUNK, source: { from: "store" } };
  assert.deepEqual(of(effects, "event")[0]?.event, event);
  assert.deepEqual(
    sent(effects, "have", A).map(({ pieces }) => pieces),
    [[3]],
  );
});

test("who waits for a piece that is found gets it, as one from the store", () => {
  const { stage } = owed();
  const [delivery, ...more] = of(finds(stage, 0), "deliver");
  assert.deepEqual([delivery?.piece, delivery?.end, more.length], [0, CHUNK, 0]);
  assert.deepEqual(delivery?.source, { from: "store" });
});

test("what a peer owes of a piece that is found is taken back, and of no use when it comes", () => {
  const { stage, request } = owed();
  const effects = finds(stage, 0);
  assert.deepEqual(
    sent(effects, "cancel", A).map((frame) => frame.request),
    [request.request],
  );
  const late = stage.answers(A, request);
  assert.deepEqual([of(late, "verify"), of(late, "store")], [[], []]);
  assert.deepEqual(sent([...late, ...stage.wait(5000)], "request"), []);
});

test("the origin is stopped when all that it was to send is found", () => {
  const stage = new Stage();
  stage.add();
  const [fetch] = of(stage.want({ end: 2 * CHUNK }), "fetch-origin");
  const effects = [0, 1].flatMap((piece) => finds(stage, piece));
  // At the next plan, not when the origin's part would have been looked at anyway.
  assert.deepEqual(of([...effects, ...stage.wait(25)], "cancel-origin"), [
    { type: "cancel-origin", fetch: fetch?.fetch },
  ]);
  assert.equal(of(effects, "deliver").length, 2);
});

test("a piece that is found while it is being checked is stored once, whatever the check says", () => {
  for (const verdict of ["verified", "corrupt"] as const) {
    const { stage, request } = owed();
    assert.equal(of(stage.answers(A, request), "verify").length, 1);
    assert.equal(of(finds(stage, 0), "deliver").length, 1);
    const input = { content, piece: 0 };
    const after = stage.input(
      verdict === "verified" ? { type: verdict, ...input, data } : { type: verdict, ...input },
    );
    assert.deepEqual([of(after, "store"), of(after, "deliver")], [[], []]);
    // Who lied is banned all the same.
    assert.equal(sent(after, "bye", A).length, verdict === "corrupt" ? 1 : 0);
    assert.ok(stage.node.have(content)?.has(0));
  }
});

test("a piece that was found and lost is fetched again", () => {
  const { stage } = owed();
  finds(stage, 0);
  stage.input({ type: "lost", content, piece: 0 });
  assert.equal(sent(stage.want({ end: CHUNK }, { firstByteMs: 60_000 }), "request")[0]?.piece, 0);
});

test("what is had already, what no content has, and what is of no content is not taken for found", () => {
  const stage = new Stage();
  stage.add(CONTENT, [0]);
  stage.meet(A, { wants: true });
  const other = parseContentId("f".repeat(64));
  const effects = [
    ...finds(stage, 0),
    ...finds(stage, 20),
    ...finds(stage, -1),
    ...stage.input({ type: "found", content: other, piece: 1, data }),
    ...stage.wait(100),
  ];
  assert.deepEqual([of(effects, "store"), of(effects, "event"), sent(effects, "have")], [[], [], []]);
});

test("who has found all of a content says so to the tracker", () => {
  const stage = new Stage();
  stage.input({ type: "tracker", tracker: { state: "up" } });
  stage.add();
  stage.input({ type: "candidates", content, candidates: [], intervalMs: 60_000 });
  const effects = [...ALL.flatMap((piece) => finds(stage, piece)), ...stage.wait(5000)];
  assert.equal(of(effects, "announce").at(-1)?.complete, true);
});

test("of a piece that is found no bytes count as unverified but those that are being checked", () => {
  const { geometry } = simContent(1, [4 * CHUNK], 2 * CHUNK);
  const some = new Pieces(geometry, new Bitfield(geometry.pieceCount), CHUNK);
  some.begin(0);
  assert.equal(some.found(0), true);
  assert.deepEqual([some.unverifiedBytes, some.missing(0), some.download(0)], [0, false, undefined]);
  assert.equal(some.found(0), false);
  some.claim(1, new Set([A, B]));
  assert.equal(some.found(1), true);
  assert.equal(some.unverifiedBytes, 2 * CHUNK);
  assert.equal(some.accept(1), undefined);
  assert.deepEqual([some.unverifiedBytes, some.source(1)], [0, { from: "store" }]);
});
