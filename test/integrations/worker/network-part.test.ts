import assert from "node:assert/strict";
import { test } from "node:test";
import type { BodyPart } from "#sdk/client/tabs/continued-body.ts";
import { networkPart } from "#sdk/integrations/worker/network-part.ts";
import { PIECE_BYTES } from "../../client/support/sample.ts";
import { bodyOfChunks, bytesOfAnswer } from "../../client/tabs/support/relay.ts";
import { FILM_BYTES, listedOf } from "./support/worker-stage.ts";

const listed = await listedOf(FILM_BYTES);
const END = FILM_BYTES.length;

/** Reads bytes [start, end) from a response that begins with byte `from`, in chunks of so many. */
function part(
  { start = 0, end = END, from = 0, strict = false, chunkBytes = 7000 },
  bytes: Uint8Array = FILM_BYTES,
  mayEnd: () => boolean = () => false,
) {
  function* chunks() {
    for (let at = from; at < bytes.length; at += chunkBytes)
      yield bytes.slice(at, Math.min(at + chunkBytes, bytes.length));
  }
  const source = bodyOfChunks(chunks());
  const adopted: number[] = [];
  const adopt = (offset: number, piece: Uint8Array) => {
    assert.deepEqual(piece, FILM_BYTES.slice(offset, offset + PIECE_BYTES));
    adopted.push(offset / PIECE_BYTES);
  };
  const response = new Response(source.body);
  const range = { start, end };
  const body = networkPart({ listed, response, from, range, strict, adopt, mayEnd });
  return { body, adopted, source };
}

const all = async (body: BodyPart) => Uint8Array.from(await bytesOfAnswer(body));

for (const strict of [false, true]) {
  const how = strict ? "verified" : "as it comes";
  test(`the whole is read ${how}, and each piece is adopted`, async () => {
    const { body, adopted } = part({ strict });
    assert.deepEqual(await all(body), FILM_BYTES);
    assert.deepEqual(adopted, [0, 1, 2, 3]);
  });

  test(`a range is cut from whole pieces ${how}, and from a whole that was sent instead`, async () => {
    const [start, end] = [PIECE_BYTES + 100, 3 * PIECE_BYTES + 5];
    for (const from of [PIECE_BYTES, 0]) {
      const { body, adopted } = part({ start, end, from, strict });
      assert.deepEqual(await all(body), FILM_BYTES.slice(start, end));
      assert.deepEqual(adopted.slice(from === 0 ? 1 : 0, 2 + (from === 0 ? 1 : 0)), [1, 2]);
    }
  });

  test(`chunks of any size are read ${how}`, async () => {
    for (const chunkBytes of [1000, PIECE_BYTES, END])
      assert.deepEqual(await all(part({ strict, chunkBytes }).body), FILM_BYTES);
  });

  test(`a part that somebody else can go on with ends after a piece, ${how}`, async () => {
    let may = false;
    const { body } = part({ strict }, FILM_BYTES, () => may);
    await body.read();
    may = true;
    const rest = await all(body);
    assert.equal((rest.length + (strict ? PIECE_BYTES : 7000)) % PIECE_BYTES, 0);
    assert.ok(rest.length < PIECE_BYTES);
  });

  test(`an origin that sends too little ends it, ${how}`, async () => {
    const short = FILM_BYTES.slice(0, PIECE_BYTES + 10);
    const expected = strict ? short.slice(0, PIECE_BYTES) : short;
    assert.deepEqual(await all(part({ strict }, short).body), expected);
  });
}

test("a piece that is wrong goes no further where pieces were right before", async () => {
  const wrong = FILM_BYTES.slice();
  wrong[PIECE_BYTES + 9] = (wrong[PIECE_BYTES + 9] ?? 0) ^ 1;
  const { body, adopted } = part({ strict: true }, wrong);
  assert.deepEqual(await body.read(), FILM_BYTES.slice(0, PIECE_BYTES));
  await assert.rejects(body.read(), /film\.bin is not what the manifest says/);
  assert.deepEqual(adopted, [0]);
});

test("the origin's own answer is the page's, right or wrong, but wrong pieces and what follows are not adopted", async () => {
  const wrong = FILM_BYTES.slice();
  wrong[PIECE_BYTES + 9] = (wrong[PIECE_BYTES + 9] ?? 0) ^ 1;
  const { body, adopted } = part({}, wrong, () => false);
  assert.deepEqual(await all(body), wrong);
  assert.deepEqual(adopted, [0]);
});

test("from the middle of a piece on nothing is adopted", async () => {
  const { body, adopted } = part({ start: 100, from: 100 });
  assert.deepEqual(await all(body), FILM_BYTES.slice(100));
  assert.deepEqual(adopted, []);
});

test("a cancelled part reads no more", async () => {
  const { body, source } = part({});
  await body.read();
  body.cancel();
  assert.equal(source.cancelled, true);
});
