import { describe, it } from "node:test";
import { blobCrcs, crc32 } from "#sdk/adapters/share/crc32.ts";
import { receivedFile } from "#sdk/adapters/share/received-file.ts";
import { type ChecksumWorker, zipFile } from "#sdk/adapters/share/zip-file.ts";
import { directory, fileHeader } from "#sdk/adapters/share/zip-records.ts";
import { concatBytes, GIB } from "#sdk/base/bytes.ts";
import {
  bytesFor,
  CROSSING,
  equal,
  failure,
  type Given,
  MODIFIED_AT,
  same,
  streamOf,
} from "../contract/share-bytes.ts";
import { directoryEntry, unzip, zipEnd } from "../contract/zip-reader.ts";

const worker: ChecksumWorker = { ask: (_, { blobs }) => blobCrcs(blobs) };

async function zipped(given: readonly Given[]): Promise<Uint8Array> {
  const { files } = streamOf(given, 1000);
  const file = async (index: number) => {
    const [shared, blob] = [files[index], new Blob([given[index]?.bytes ?? ""])];
    if (!shared) throw new Error(`There is no file ${index}.`);
    return receivedFile(shared, [blob]);
  };
  const archive = await zipFile({ name: "all.zip", files, file, worker });
  equal(archive.name, "all.zip");
  equal(archive.type, "application/zip");
  return new Uint8Array(await archive.arrayBuffer());
}

describe("zipFile", () => {
  it("has every file with its path, its bytes and its date, in any script", async () => {
    const found = unzip(await zipped(CROSSING));
    equal(found.map(({ name }) => name).join("|"), CROSSING.map(({ path }) => path).join("|"));
    for (const [index, { bytes, crc, modifiedAt }] of found.entries()) {
      same(bytes, CROSSING[index]?.bytes);
      equal(crc, slowCrc32(bytes));
      equal(modifiedAt, MODIFIED_AT / 1000);
    }
  });

  it("has thousands of files", async () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({
      path: `many/${at}`,
      bytes: bytesFor(at, at % 9),
    }));
    const found = unzip(await zipped(many));
    equal(found.length, many.length);
    for (const [index, { name, bytes }] of found.entries()) {
      equal(name, many[index]?.path);
      same(bytes, many[index]?.bytes);
    }
  });

  it("is an archive of nothing where there are no files", async () => {
    equal(unzip(await zipped([])).length, 0);
  });

  it("stops when it is told to", async () => {
    const { files } = streamOf(CROSSING, 1000);
    const file = async () => new File([], "x");
    const signal = AbortSignal.abort();
    await failure("aborted", zipFile({ name: "all.zip", files, file, worker, signal }));
  });
});

describe("the records of an archive", () => {
  const entry = (sizeBytes: number, offset: number) => {
    const name = new TextEncoder().encode("film.mp4");
    return { name, sizeBytes, crc: 0xfedcba98, modifiedAt: MODIFIED_AT, offset };
  };

  it("have long numbers for files of 4 GiB and more, and for what comes behind so much", () => {
    for (const [sizeBytes, offset] of [
      [4 * GIB - 1, 7],
      [5 * GIB, 7],
      [7, 5 * GIB],
      [6 * GIB, 5 * GIB],
    ] as const) {
      const [record] = directory([entry(sizeBytes, offset)], 12 * GIB);
      const found = directoryEntry(record ?? new Uint8Array(), 0);
      equal(`${found.name} ${found.sizeBytes} ${found.offset}`, `film.mp4 ${sizeBytes} ${offset}`);
      equal(found.end, record?.byteLength);
    }
    const header = new DataView(fileHeader(entry(5 * GIB, 0)).buffer);
    equal(header.getUint32(18, true), 0xffffffff);
    // Behind the fixed fields, the name and the date.
    const long = 30 + 8 + 9;
    equal(header.getUint16(long, true), 1);
    equal(Number(header.getBigUint64(long + 4, true)), 5 * GIB);
    equal(Number(header.getBigUint64(long + 12, true)), 5 * GIB);
    equal(header.byteLength, long + 20);
  });

  it("end with long numbers where there are many files, or much before them", () => {
    const many = Array.from({ length: 70_000 }, () => entry(1, 0));
    equal(zipEnd(concatBytes(directory(many, 1000))).count, 70_000);
    const far = zipEnd(concatBytes(directory([entry(1, 0)], 12 * GIB)));
    equal(`${far.count} ${far.offset}`, `1 ${12 * GIB}`);
    const near = zipEnd(concatBytes(directory([entry(1, 0)], 1000)));
    equal(`${near.count} ${near.offset}`, "1 1000");
  });
});

describe("crc32", () => {
  it("is that of the catalogue of CRCs", () => {
    equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
    equal(crc32(new Uint8Array()), 0);
  });

  it("is the same in parts as in one, of any length and place", () => {
    const bytes = bytesFor(1, 300);
    for (let length = 0; length < 40; length++) {
      const part = bytes.subarray(3, 3 + length);
      equal(crc32(part), slowCrc32(part));
      equal(crc32(bytes.subarray(3 + length), crc32(part, crc32(bytes.subarray(0, 3)))), slowCrc32(bytes));
    }
  });
});

describe("blobCrcs", () => {
  it("are those of each, whatever their lengths", async () => {
    const parts = [0, 3_000_000, 0, 5, 9_000_000, 2_194_304, 0].map((length, at) => bytesFor(at, length));
    const found = await blobCrcs(parts.map((bytes) => new Blob([bytes])));
    equal(found.join(), parts.map((bytes) => crc32(bytes)).join());
    equal((await blobCrcs([])).length, 0);
  });
});

/** Bit by bit, as it is defined. */
function slowCrc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}
