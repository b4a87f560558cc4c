import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestFrame } from "#sdk/protocol/frames/request.ts";
import { ALL, CHUNK, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];

function ask(request: number, piece: number): RequestFrame {
  return { type: "request", handle: 1, request, piece, offset: 0, length: CHUNK };
}

function seeder(maxUploadBytes: number): Stage {
  const stage = new Stage({ maxUploadBytes });
  stage.input({ type: "upload-allowed", allowed: true });
  stage.add(CONTENT, ALL);
  return stage;
}

test("of what peers ask for no byte more is read than may be uploaded, and then everybody is choked", () => {
  const stage = seeder(2.5 * CHUNK);
  for (const peer of [A, B]) stage.meet(peer, { wants: true });
  for (let piece = 0; piece < 3; piece++) for (const peer of [A, B]) stage.hears(peer, ask(piece + 1, piece));
  stage.wait(1000);
  assert.equal(of(stage.effects, "read").length, 2);
  assert.deepEqual(
    [A, B].map((peer) => sent(stage.effects, "choke", peer).length),
    [1, 1],
  );
  assert.equal(of(stage.effects, "hang-up").length, 0);
  assert.equal(sent(stage.hears(A, ask(9, 4)), "reject")[0]?.reason, "choked");
});

test("a page that has uploaded all that it may does not begin anew when uploads are allowed again", () => {
  const stage = seeder(CHUNK);
  stage.meet(A, { wants: true });
  stage.hears(A, ask(1, 0));
  stage.hears(A, ask(2, 1));
  stage.wait(0);
  stage.effects.length = 0;
  for (const allowed of [false, true]) stage.input({ type: "upload-allowed", allowed });
  stage.wait(20_000);
  assert.equal(sent(stage.effects, "unchoke").length, 0);
  const [open] = sent(stage.meet(B, { wants: true }), "open");
  assert.ok(open?.bits.every((byte) => byte === 0));
});

test("who may upload nothing claims no piece", () => {
  const [open] = sent(seeder(0).meet(A), "open");
  assert.ok(open?.bits.every((byte) => byte === 0));
});
