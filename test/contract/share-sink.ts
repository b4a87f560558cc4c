import type { ShareSink } from "#sdk/client/share/ports.ts";
import { bytesFor, CROSSING, equal, type Given, piecesOf, same, streamOf, TINY } from "./share-bytes.ts";

/** Opens one place as a visit finds it; the visit before has closed it. */
export type Visit = () => Promise<ShareSink>;

/** What the receiver's side of a share's disk does. */
export function describeShareSink(
  name: string,
  parts: {
    /** A place of which nobody knows yet. */
    readonly place: () => Promise<Visit>;
    /** What is written is there at the next visit. */
    readonly isKept: boolean;
    readonly describe: (name: string, define: () => void) => void;
    readonly it: (name: string, run: () => Promise<void>) => void;
  },
): void {
  const { describe, isKept } = parts;
  const it = (sentence: string, run: (visit: Visit) => Promise<void>) =>
    parts.it(sentence, async () => {
      const visit = await parts.place();
      let last: ShareSink | undefined;
      try {
        await run(async () => {
          last = await visit();
          return last;
        });
      } finally {
        await last?.remove();
      }
    });
  const PIECE_BYTES = 1000;
  const stream = streamOf(CROSSING, PIECE_BYTES);
  const pieces = piecesOf(CROSSING, PIECE_BYTES);

  describe(name, () => {
    it("keeps the description that it was given last", async (visit) => {
      const sink = await visit();
      same(await sink.description(), undefined);
      for (const length of [500, 20, 3000, 0]) {
        const bytes = bytesFor(length, length);
        await sink.keepDescription(bytes);
        same(bytes, bytesFor(length, length));
        same(await sink.description(), bytesFor(length, length));
      }
    });

    it("has nothing at first", async (visit) => {
      const sink = await visit();
      equal(await sink.open(stream), 0);
      for (const [piece] of pieces.entries()) same(await sink.read(piece), undefined);
    });

    it("stores a piece that comes in parts, and nothing of one that has another hash", async (visit) => {
      const sink = await visit();
      await sink.open(stream);
      if (!sink.store) return;
      const piece = pieces[1] as Uint8Array;
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(piece)));
      // As they come from the wire: each a view of what was around it.
      const parts = (bytes: Uint8Array) =>
        [bytes.slice(0, 300), bytes.slice(300)].map((part) => Uint8Array.of(9, ...part, 9).subarray(1, -1));
      const wrong = piece.slice();
      wrong[999] = (wrong[999] as number) ^ 1;
      equal(await sink.store(1, parts(wrong), hash), false);
      same(await sink.read(1), undefined);
      equal(await sink.store(1, parts(piece), hash), true);
      same(await sink.read(1), piece);
    });

    it("gives back pieces that files begin and end in, in whatever order they came", async (visit) => {
      const sink = await visit();
      await sink.open(stream);
      const order = pieces.map((_, piece) => (piece * 5 + 3) % pieces.length);
      for (const piece of order) await write(sink, pieces, piece);
      await check(sink, pieces);
      await sink.finish();
      await check(sink, pieces);
      await sink.finish();
    });

    it("gives back pieces of thousands of files", async (visit) => {
      const sink = await visit();
      await sink.open(streamOf(TINY, 16_384));
      const tiny = piecesOf(TINY, 16_384);
      for (const [piece] of tiny.entries()) await write(sink, tiny, piece);
      await check(sink, tiny);
      await sink.finish();
    });

    it("takes many pieces at once, large ones too", async (visit) => {
      const files = LARGE;
      const sink = await visit();
      await sink.open(streamOf(files, 262_144));
      const large = piecesOf(files, 262_144);
      await Promise.all(large.map((_, piece) => write(sink, large, piece)));
      const read = await Promise.all(large.map((_, piece) => sink.read(piece)));
      for (const [piece, bytes] of read.entries()) same(bytes, large[piece]);
    });

    it("finishes a share of no bytes", async (visit) => {
      const sink = await visit();
      const files = CROSSING.filter(({ bytes }) => bytes.byteLength === 0);
      equal(await sink.open(streamOf(files, PIECE_BYTES)), 0);
      await sink.finish();
    });

    it("takes a piece again, which counts then", async (visit) => {
      const sink = await visit();
      await sink.open(stream);
      await sink.write(2, new Uint8Array(PIECE_BYTES));
      await write(sink, pieces, 2);
      same(await sink.read(2), pieces[2]);
    });

    it("writes only the view's bytes when it is given a view of a larger buffer", async (visit) => {
      const sink = await visit();
      await sink.open(stream);
      const buffer = bytesFor(1, 5000);
      await sink.write(1, buffer.subarray(100, 100 + PIECE_BYTES));
      same(await sink.read(1), bytesFor(1, 5000).slice(100, 100 + PIECE_BYTES));
      same(buffer.slice(), bytesFor(1, 5000));
    });

    it("gives bytes that may be changed", async (visit) => {
      const sink = await visit();
      await sink.open(stream);
      await write(sink, pieces, 1);
      (await sink.read(1))?.fill(0);
      same(await sink.read(1), pieces[1]);
    });

    it("knows nothing of what was removed", async (visit) => {
      const sink = await visit();
      await sink.open(stream);
      await sink.keepDescription(bytesFor(1, 100));
      for (const [piece] of pieces.entries()) await write(sink, pieces, piece);
      await sink.finish();
      await sink.remove();
      const next = await visit();
      same(await next.description(), undefined);
      equal(await next.open(stream), 0);
      same(await next.read(0), undefined);
    });

    if (!isKept) return;

    it("has at the next visit what was written, and says where it ends", async (visit) => {
      const sink = await visit();
      await sink.open(stream);
      await sink.keepDescription(bytesFor(1, 100));
      for (let piece = 0; piece < 5; piece++) await write(sink, pieces, piece);
      await sink.close();
      const next = await visit();
      same(await next.description(), bytesFor(1, 100));
      equal(await next.open(stream), 5);
      await check(next, pieces.slice(0, 5));
      same(await next.read(5), undefined);
      for (let piece = 5; piece < pieces.length; piece++) await write(next, pieces, piece);
      await next.finish();
      await next.close();
      const last = await visit();
      equal(await last.open(stream), pieces.length);
      await check(last, pieces);
    });

    it("says at the next visit that there may be pieces before the one that was written", async (visit) => {
      const sink = await visit();
      await sink.open(stream);
      await write(sink, pieces, 7);
      await sink.close();
      const next = await visit();
      equal(await next.open(stream), 8);
      same(await next.read(7), pieces[7]);
      // Never written: whatever is there, it is not right.
      for (const piece of [0, 3]) {
        const found = await next.read(piece);
        equal(found === undefined || found.every((byte) => byte === 0), true);
      }
    });
  });
}

/** Of some MiB, one of them long. */
const LARGE: readonly Given[] = [
  { path: "a.bin", bytes: bytesFor(1, 700_000) },
  { path: "b.bin", bytes: bytesFor(2, 3_500_000) },
  { path: "c.bin", bytes: bytesFor(3, 100_000) },
];

/** The bytes are the sink's then, so it gets a copy. */
export function write(sink: ShareSink, pieces: readonly Uint8Array[], piece: number): Promise<void> {
  const bytes = pieces[piece];
  if (!bytes) throw new Error(`There is no piece ${piece}.`);
  return sink.write(piece, bytes.slice());
}

async function check(sink: ShareSink, pieces: readonly Uint8Array[]): Promise<void> {
  for (const [piece, bytes] of pieces.entries()) same(await sink.read(piece), bytes);
}
