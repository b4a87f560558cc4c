import assert from "node:assert/strict";
import { test } from "node:test";
import { Geometry } from "#sdk/content/geometry.ts";
import { ALL, CHUNK, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const A = peerNo(1);
const AWAITED = { content: CONTENT.content, geometry: new Geometry() };

/** A node that knows a content's id alone, connected to one who has all of it. */
function awaiting(): Stage {
  const stage = new Stage();
  stage.input({ type: "tracker", tracker: { state: "up" } });
  stage.add(AWAITED);
  stage.meet(A, { have: ALL });
  return stage;
}

test("of a content that is awaited the tracker hears as of one that lacks something, and peers hear nothing", () => {
  const stage = awaiting();
  const [announce] = of(stage.effects, "announce");
  assert.deepEqual([announce?.complete, announce?.content], [false, CONTENT.content]);
  assert.ok((announce?.want ?? 0) > 0);
  assert.deepEqual(sent(stage.effects, "open"), []);
  assert.deepEqual(of(stage.effects, "hang-up"), [], "Whoever opens it is no offender.");
});

test("once it is known, it is opened with those who are connected, and they are asked for it", () => {
  const stage = awaiting();
  const known = stage.add();
  assert.equal(sent(known, "open", A).length, 1);
  assert.deepEqual(of(known, "leave"), []);
  const [request] = sent(stage.want({ end: CHUNK }), "request", A);
  assert.equal(request?.offset, 0);
  assert.equal(stage.node.hadBy(A, CONTENT.content), 20);
  assert.equal(stage.node.copies(CONTENT.content, 7), 1);
});

test("what is known is not replaced", () => {
  const stage = awaiting();
  stage.add(CONTENT, [3]);
  stage.add();
  assert.equal(stage.node.have(CONTENT.content)?.count, 1);
});

test("what is found without its bytes is told of like any other piece, and stored by nobody", () => {
  const stage = new Stage();
  stage.add();
  stage.meet(A, { wants: true });
  const { content } = CONTENT;
  const effects = stage.input({ type: "found", content, piece: 3 });
  effects.push(...stage.wait(100));
  assert.deepEqual(of(effects, "store"), []);
  assert.deepEqual(
    sent(effects, "have", A).map(({ pieces }) => pieces),
    [[3]],
  );
});

test("who lacks something and has nobody asks the tracker again soon; who has all of it, or somebody, does not", () => {
  const announces = (have: Iterable<number>, met: boolean) => {
    const stage = new Stage({ aloneMs: 5000 });
    stage.input({ type: "tracker", tracker: { state: "up" } });
    stage.add(CONTENT, have);
    if (met) stage.meet(A, {});
    const { content } = CONTENT;
    stage.input({ type: "candidates", content, candidates: [], intervalMs: 120_000 });
    const before = stage.effects.length;
    stage.wait(4900);
    assert.deepEqual(of(stage.effects.slice(before), "announce"), []);
    return of(stage.wait(200), "announce").length;
  };
  assert.deepEqual([announces([], false), announces(ALL, false), announces([], true)], [1, 0, 0]);
});
