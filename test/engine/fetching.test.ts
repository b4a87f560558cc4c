import assert from "node:assert/strict";
import { test } from "node:test";
import { RivuletError } from "#sdk/base/errors.ts";
import type { Effect, Want } from "#sdk/engine/io.ts";
import type { Frame } from "#sdk/protocol/frame.ts";
import { MAX_FETCHING_RUNS } from "#sdk/protocol/limits.ts";
import { simContent } from "#test/sim/sim-content.ts";
import { CHUNK, CONTENT, of, peerNo, Stage, sent } from "./stage.ts";

const [A, B] = [peerNo(1), peerNo(2)];
const { content } = CONTENT;
const FIRST_FOUR = { first: 0, count: 4 };

/** One that plays, and needs the first four pieces from the origin at once; A and B have nothing and want nothing. */
function playing(want: Partial<Want> = {}) {
  const stage = new Stage();
  stage.add();
  stage.meet(A);
  stage.meet(B);
  const effects = stage.want({ end: 4 * CHUNK, playing: true, ...want }, { firstByteMs: 0 });
  const [fetch] = of(effects, "fetch-origin");
  assert.deepEqual([fetch?.first, fetch?.count], [0, 4]);
  return { stage, effects, fetch: fetch?.fetch ?? 0 };
}

function told(effects: readonly Effect[], to = A) {
  return sent(effects, "fetching", to).map(({ runs }) => runs);
}

/** What was told to A of the first four pieces: that they are fetched, had, or that nothing is fetched. */
function news(effects: readonly Effect[]): string[] {
  const frames = of(effects, "send").flatMap(({ peer, frame }): Frame[] => (peer === A ? [frame] : []));
  return frames.flatMap((frame) => {
    if (frame.type === "have") return [`have ${frame.pieces}`];
    if (frame.type !== "fetching") return [];
    return [frame.runs.length === 0 ? "done" : "fetching"];
  });
}

test("what a player's page gets from the origin is told once to each who opened the content", () => {
  const { stage, effects } = playing();
  assert.deepEqual(told(effects), [[FIRST_FOUR]]);
  assert.deepEqual(told(effects, B), [[FIRST_FOUR]]);
  assert.deepEqual(told(stage.wait(900)), [], "nothing changed");
});

test("who did not open the content is told nothing", () => {
  const stage = new Stage();
  stage.add();
  stage.input({ type: "offered", peer: A, content });
  stage.input({ type: "connected", peer: A });
  stage.want({ playing: true }, { firstByteMs: 0 });
  assert.equal(of(stage.effects, "fetch-origin").length, 1);
  assert.deepEqual(told(stage.effects), []);
});

test("it is taken back when all of it was told as had, and not before: nobody may take it for free in between", () => {
  const { stage, fetch } = playing();
  const from = stage.effects.length;
  for (let piece = 0; piece < 4; piece++)
    stage.input({ type: "origin-piece", fetch, piece, data: { byteLength: CHUNK } });
  stage.input({ type: "origin-done", fetch });
  for (let piece = 0; piece < 3; piece++) {
    stage.verifies(piece);
    stage.wait(100);
  }
  const soFar = news(stage.effects.slice(from));
  assert.deepEqual(soFar, ["have 0", "have 1", "have 2"], "the last piece is still being checked");
  const rest = [...stage.verifies(3), ...stage.wait(100)];
  assert.deepEqual(news(rest), ["have 3", "done"]);
});

test("while what was verified waits to be told it is still said to be on its way", () => {
  const { stage, fetch } = playing({ end: 4 * CHUNK });
  stage.originBrings(fetch, [0]);
  const from = stage.effects.length;
  // The last haves went out just now: these wait for their turn.
  stage.originBrings(fetch, [1, 2, 3]);
  stage.input({ type: "origin-done", fetch });
  assert.deepEqual(news(stage.effects.slice(from)), []);
  assert.deepEqual(news(stage.wait(100)), ["have 1,2,3", "done"]);
});

test("a fetch that the origin broke off is taken back at once", () => {
  const { stage, fetch } = playing();
  const error = new RivuletError("origin-failed", "gone");
  const effects = stage.input({ type: "origin-failed", fetch, failure: { kind: "unreachable", error } });
  assert.deepEqual(told(effects), [[]]);
});

test("a page that plays nothing tells nothing", () => {
  const { stage, effects, fetch } = playing({ playing: false });
  stage.originBrings(fetch, [0, 1, 2, 3]);
  stage.input({ type: "origin-done", fetch });
  assert.deepEqual(told([...effects, ...stage.effects, ...stage.wait(100)]), []);
});

test("a newcomer is told as soon as it opens the content, and the others not again", () => {
  const { stage } = playing();
  const effects = stage.meet(peerNo(3));
  assert.deepEqual(told(effects, peerNo(3)), [[FIRST_FOUR]]);
  assert.deepEqual(told(effects), []);
});

test("a newcomer is told nothing while nothing is fetched", () => {
  const { stage, fetch } = playing();
  stage.originBrings(fetch, [0, 1, 2, 3]);
  stage.input({ type: "origin-done", fetch });
  stage.wait(100);
  assert.deepEqual(told(stage.meet(peerNo(3)), peerNo(3)), []);
});

test("who may not upload tells nothing, takes back what it told, and tells it again when it may", () => {
  const { stage } = playing();
  const allowed = (yes: boolean) => told(stage.input({ type: "upload-allowed", allowed: yes }));
  assert.deepEqual(allowed(false), [[]]);
  assert.deepEqual(told(stage.meet(peerNo(3)), peerNo(3)), []);
  assert.deepEqual(allowed(true), [[FIRST_FOUR]]);
  const silent = new Stage();
  silent.input({ type: "upload-allowed", allowed: false });
  silent.add();
  silent.meet(A);
  assert.deepEqual(told(silent.want({ playing: true }, { firstByteMs: 0 })), []);
});

test("neighbouring fetches are told as one run, and no more runs than a frame takes", () => {
  const stage = new Stage({ maxOriginFetches: 40 });
  stage.add();
  stage.meet(A);
  const want = (piece: number) =>
    stage.want({ start: piece * CHUNK, end: (piece + 1) * CHUNK, playing: true }, { firstByteMs: 0 });
  want(0);
  assert.deepEqual(told(want(1)), [[{ first: 0, count: 2 }]]);
  assert.deepEqual(told(want(3)), [
    [
      { first: 0, count: 2 },
      { first: 3, count: 1 },
    ],
  ]);
});

test("of more runs than a frame takes the first ones are told", () => {
  const many = simContent(5, [60 * CHUNK]);
  const stage = new Stage({ maxOriginFetches: 40 });
  stage.add(many);
  stage.meet(A, { content: many });
  for (let piece = 0; piece < 2 * (MAX_FETCHING_RUNS + 4); piece += 2)
    stage.want(
      { content: many.content, start: piece * CHUNK, end: (piece + 1) * CHUNK, playing: true },
      { firstByteMs: 0 },
    );
  assert.equal(of(stage.effects, "fetch-origin").length, MAX_FETCHING_RUNS + 4);
  const last = told(stage.effects).at(-1) ?? [];
  assert.deepEqual(
    last.map(({ first }) => first),
    Array.from({ length: MAX_FETCHING_RUNS }, (_, at) => 2 * at),
  );
});
