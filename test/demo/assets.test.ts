import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { makeNoise } from "#demo/assets/noise.ts";
import { Picture } from "#demo/assets/picture.ts";
import { encodePng } from "#demo/assets/png.ts";
import { SCENES } from "#demo/assets/scenes/index.ts";
import { terrainStl } from "#demo/assets/terrain.ts";
import { readRelief } from "#demo/src/gallery/stl.ts";
import { seededRandom } from "#sdk/base/random.ts";

const SIZE = { width: 32, height: 20 };

function draw(index: number): Uint8Array {
  const scene = SCENES[index];
  assert.ok(scene);
  const shader = scene.shader(makeNoise(index), SIZE.width / SIZE.height);
  return new Picture(SIZE).paint(shader).toBytes(2, seededRandom(index));
}

test("each scene gives the same picture every time, with something to see in it", () => {
  for (const index of SCENES.keys()) {
    const bytes = draw(index);
    assert.deepEqual(bytes, draw(index));
    assert.ok(Math.max(...bytes) - Math.min(...bytes) > 60, `scene ${index} is flat`);
  }
});

test("a PNG's rows come back as they went in", () => {
  const rgb = draw(0);
  const png = encodePng(SIZE, rgb);
  assert.equal(png.toString("latin1", 12, 16), "IHDR");
  const length = png.readUInt32BE(33);
  const rows = inflateSync(png.subarray(41, 41 + length));
  const stride = SIZE.width * 3;
  const back = new Uint8Array(rgb.length);
  for (let y = 0; y < SIZE.height; y++) {
    assert.equal(rows[y * (stride + 1)], 2);
    for (let i = 0; i < stride; i++) {
      const above = y === 0 ? 0 : (back[(y - 1) * stride + i] as number);
      back[y * stride + i] = (rows[y * (stride + 1) + 1 + i] as number) + above;
    }
  }
  assert.deepEqual(back, rgb);
});

test("the CRC of a chunk is the one that every PNG ends in", () => {
  const png = encodePng(SIZE, draw(0));
  assert.equal(png.subarray(-12).toString("hex"), "0000000049454e44ae426082");
});

test("the model is a binary STL of about 4 MB that the gallery can read, and refuses when it is cut short", () => {
  const stl = terrainStl(1);
  assert.equal(stl.length, 84 + stl.readUInt32LE(80) * 50);
  assert.ok(stl.length > 3.5e6 && stl.length < 4.5e6);
  const buffer = new Uint8Array(stl).buffer;
  const { heights } = readRelief(buffer, 50);
  assert.equal(Math.max(...heights), 1);
  assert.equal(heights[0], 0);
  assert.throws(() => readRelief(buffer.slice(0, 1000), 50), /cut short/);
});
