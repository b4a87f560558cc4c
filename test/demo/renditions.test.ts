import assert from "node:assert/strict";
import { test } from "node:test";
import { AUTO, renditionChoices, renditionName, renditionWithRate } from "#demo/src/player/renditions.ts";

/** As a playlist may list them: not in order. */
const LEVELS = [
  { height: 540, bitrate: 690_800 },
  { height: 240, bitrate: 152_900 },
  { height: 360, bitrate: 332_200 },
];

test("the menu goes from Auto to the largest rendition, whatever the playlist's order", () => {
  const choices = renditionChoices({ levels: LEVELS, chosen: AUTO, playing: undefined });
  assert.deepEqual(
    choices.map(({ name, level }) => [name, level]),
    [
      ["Auto", AUTO],
      ["240p", 1],
      ["360p", 2],
      ["540p", 0],
    ],
  );
});

test("Auto says what it plays, and only while it is chosen", () => {
  const detail = (chosen: number, playing: number | undefined) =>
    renditionChoices({ levels: LEVELS, chosen, playing })[0]?.detail;
  assert.equal(detail(AUTO, 2), "360p");
  assert.equal(detail(AUTO, undefined), "");
  assert.equal(detail(0, 2), "");
});

test("what is chosen and what is still playing are told apart", () => {
  const choices = renditionChoices({ levels: LEVELS, chosen: 1, playing: 0 });
  assert.deepEqual(
    choices.filter(({ isChosen }) => isChosen).map(({ name }) => name),
    ["240p"],
  );
  assert.deepEqual(
    choices.filter(({ isPlaying }) => isPlaying).map(({ name }) => name),
    ["540p"],
  );
});

test("a stream whose playlist names no renditions still has a menu of them", () => {
  assert.equal(renditionName([{ height: 0, bitrate: 800_400 }], 0), "800 kb/s");
  assert.equal(renditionWithRate([{ height: 0, bitrate: 800_400 }], 0), "800 kb/s");
  const twins = [
    { height: 360, bitrate: 600_000 },
    { height: 360, bitrate: 300_000 },
  ];
  assert.deepEqual(
    renditionChoices({ levels: twins, chosen: AUTO, playing: undefined }).map(({ name }) => name),
    ["Auto", "360p, 300 kb/s", "360p, 600 kb/s"],
  );
});

test("the rate stands beside the name, once", () => {
  assert.equal(renditionWithRate(LEVELS, 0), "540p, 691 kb/s");
  assert.equal(renditionWithRate(LEVELS, 7), "");
});
