import { concatBytes } from "#sdk/base/bytes.ts";
import type { ShareSource } from "#sdk/client/share/ports.ts";
import { type FileStream, sharePieceBytes } from "#sdk/content/share/file-stream.ts";
import {
  bytesFor,
  CROSSING,
  equal,
  failure,
  type Given,
  piecesOf,
  same,
  streamOf,
  TINY,
} from "./share-bytes.ts";

/** Files of one test, and what reads them. */
export interface SourceLab {
  readonly source: ShareSource;
  /** Makes the file another one, of as many bytes; absent where no file can be changed. */
  change?(path: string): Promise<void>;
}

/** What the sender's side of a share's disk does. */
export function describeShareSource(
  name: string,
  parts: {
    /** Makes these files, and a source of them. */
    readonly open: (files: readonly Given[]) => Promise<SourceLab>;
    readonly describe: (name: string, define: () => void) => void;
    readonly it: (name: string, run: () => Promise<void>) => void;
  },
): void {
  const { describe } = parts;
  const it = (sentence: string, run: (open: typeof parts.open) => Promise<void>) =>
    parts.it(sentence, async () => {
      const opened: SourceLab[] = [];
      try {
        await run(async (files) => {
          const lab = await parts.open(files);
          opened.push(lab);
          return lab;
        });
      } finally {
        for (const { source } of opened) await source.close();
      }
    });

  describe(name, () => {
    it("lists the files in the order they were given in, empty ones too", async (open) => {
      const { source } = await open(CROSSING);
      equal(source.files.map(({ path }) => path).join(), CROSSING.map(({ path }) => path).join());
      equal(source.files.map(({ sizeBytes }) => sizeBytes).join(), "0,2500,500,0,1,999,7321,0");
    });

    it("hashes pieces that files begin and end in", async (open) => {
      const { source } = await open(CROSSING);
      for (const pieceBytes of [1, 1000, 2500, 11_321, 20_000])
        await checkHashes(source, CROSSING, pieceBytes);
    });

    it("hashes pieces of thousands of files", async (open) => {
      const { source } = await open(TINY);
      await checkHashes(source, TINY, 64 * 1024);
      await checkHashes(source, TINY, 1000);
    });

    it("hashes a file of many blocks, the first piece before all others", async (open) => {
      const files = [{ path: "long.bin", bytes: bytesFor(1, 9_500_000) }];
      const { source } = await open(files);
      const batches = await checkHashes(source, files, sharePieceBytes(9_500_000));
      equal(batches[0]?.byteLength, 32);
    });

    it("has no hashes where there are no bytes", async (open) => {
      const files = CROSSING.filter(({ bytes }) => bytes.byteLength === 0);
      const { source } = await open(files);
      equal((await checkHashes(source, files, 1000)).length, 0);
    });

    it("reads each piece", async (open) => {
      const { source } = await open(CROSSING);
      for (const pieceBytes of [1000, 2500, 20_000]) await checkReads(source, CROSSING, pieceBytes);
    });

    it("reads pieces of thousands of files", async (open) => {
      const { source } = await open(TINY);
      await checkReads(source, TINY, 32 * 1024);
    });

    it("reads many pieces at once", async (open) => {
      const { source } = await open(CROSSING);
      const stream = streamOf(CROSSING, 1000);
      const expected = piecesOf(CROSSING, 1000);
      const read = await Promise.all(expected.map((_, piece) => source.read(stream, piece)));
      for (const [piece, bytes] of read.entries()) same(bytes, expected[piece]);
    });

    it("reads pieces in a row together, to the last, shorter one", async (open) => {
      const { source } = await open(CROSSING);
      const stream = streamOf(CROSSING, 1000);
      const expected = piecesOf(CROSSING, 1000);
      for (const [first, end] of [
        [0, 3],
        [2, expected.length],
        [expected.length - 1, expected.length],
      ] as const)
        same(await source.read(stream, first, end), concatBytes(expected.slice(first, end)));
    });

    it("gives bytes that may be changed", async (open) => {
      const { source } = await open(CROSSING);
      const stream = streamOf(CROSSING, 1000);
      (await source.read(stream, 1)).fill(0);
      same(await source.read(stream, 1), piecesOf(CROSSING, 1000)[1]);
    });

    it("hashes nothing once it was told to stop", async (open) => {
      const { source } = await open(CROSSING);
      await failure("aborted", all(source.hashes(streamOf(CROSSING, 1000), AbortSignal.abort())));
    });

    it("stops hashing when it is told to, and can hash again", async (open) => {
      const files = [{ path: "long.bin", bytes: bytesFor(1, 9_500_000) }];
      const { source } = await open(files);
      const stop = new AbortController();
      const stopped = async () => {
        for await (const _ of source.hashes(streamOf(files, 4096), stop.signal)) stop.abort();
      };
      await failure("aborted", stopped());
      for await (const _ of source.hashes(streamOf(files, 4096), new AbortController().signal)) break;
      await checkHashes(source, files, 65_536);
    });

    it("notices that a file is another one now", async (open) => {
      const lab = await open(CROSSING);
      if (!lab.change) return;
      const stream = streamOf(CROSSING, 1000);
      await lab.source.read(stream, 5);
      await lab.change("film.mp4");
      const { message } = await failure("file-changed", lab.source.read(stream, 5));
      equal(message.includes('"film.mp4"'), true);
      // The fourth piece has bytes of others too.
      await failure("file-changed", lab.source.read(stream, 4));
      await failure("file-changed", all(lab.source.hashes(stream, new AbortController().signal)));
      same(await lab.source.read(stream, 0), piecesOf(CROSSING, 1000)[0]);
    });
  });
}

async function checkHashes(
  source: ShareSource,
  files: readonly Given[],
  pieceBytes: number,
): Promise<Uint8Array[]> {
  const batches = await all(source.hashes(streamOf(files, pieceBytes), new AbortController().signal));
  const expected = await Promise.all(
    piecesOf(files, pieceBytes).map(
      async (piece) => new Uint8Array(await crypto.subtle.digest("SHA-256", piece)),
    ),
  );
  same(concatBytes(batches), concatBytes(expected));
  for (const { byteLength } of batches) equal(byteLength > 0 && byteLength % 32 === 0, true);
  return batches;
}

async function checkReads(source: ShareSource, files: readonly Given[], pieceBytes: number): Promise<void> {
  const stream: FileStream = streamOf(files, pieceBytes);
  for (const [piece, expected] of piecesOf(files, pieceBytes).entries()) {
    same(await source.read(stream, piece), expected);
  }
}

async function all(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const part of parts) found.push(part);
  return found;
}
