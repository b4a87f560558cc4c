/*
 * What a ZIP archive has beside its files' bytes, as PKWARE's APPNOTE.TXT 6.3.10 has it: §4.3.7 a header before each file,
 * §4.3.12 a directory of them all, §4.3.14 to §4.3.16 its end, §4.5.3 numbers that are too long for the others (ZIP64).
 */
const VERSION = 45;
const UNIX = 3 << 8;
/** An ordinary file that its owner may write and all may read. */
const MODE = 0o100644 * 2 ** 16;
/** The name is UTF-8. */
const UTF8 = 1 << 11;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

/** One file of an archive; its bytes are stored as they are. */
export interface ZipEntry {
  readonly name: Uint8Array;
  readonly sizeBytes: number;
  readonly crc: number;
  /** Ms since 1970. */
  readonly modifiedAt: number;
  /** Where its header is, bytes from the beginning of the archive. */
  readonly offset: number;
}

/** What stands before the bytes of a file. */
export function fileHeader(entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const { sizeBytes, name } = entry;
  const record = new ZipRecord();
  const extra = new ZipRecord().bytes(timeExtra(entry));
  if (sizeBytes >= MAX_32) extra.u16(1).u16(16).u64(sizeBytes).u64(sizeBytes);
  record.u32(0x04034b50);
  common(record, entry, extra.length);
  return record.bytes(name).bytes(extra.done()).done();
}

/** What stands behind the last file's bytes, at `offset`. */
export function directory(entries: readonly ZipEntry[], offset: number): Uint8Array<ArrayBuffer>[] {
  const headers = entries.map(directoryHeader);
  const length = headers.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const count = entries.length;
  const end = new ZipRecord();
  if (count >= MAX_16 || length >= MAX_32 || offset >= MAX_32) {
    end
      .u32(0x06064b50)
      .u64(44)
      .u16(UNIX | VERSION)
      .u16(VERSION)
      .u32(0)
      .u32(0);
    end.u64(count).u64(count).u64(length).u64(offset);
    end
      .u32(0x07064b50)
      .u32(0)
      .u64(offset + length)
      .u32(1);
  }
  const shortCount = Math.min(count, MAX_16);
  end.u32(0x06054b50).u16(0).u16(0).u16(shortCount).u16(shortCount);
  end.u32(Math.min(length, MAX_32)).u32(Math.min(offset, MAX_32)).u16(0);
  return [...headers, end.done()];
}

function directoryHeader(entry: ZipEntry): Uint8Array<ArrayBuffer> {
  const { sizeBytes, offset, name } = entry;
  const extra = new ZipRecord().bytes(timeExtra(entry));
  const isLong = sizeBytes >= MAX_32;
  const isFar = offset >= MAX_32;
  if (isLong || isFar) extra.u16(1).u16((isLong ? 16 : 0) + (isFar ? 8 : 0));
  if (isLong) extra.u64(sizeBytes).u64(sizeBytes);
  if (isFar) extra.u64(offset);
  const record = new ZipRecord().u32(0x02014b50).u16(UNIX | VERSION);
  common(record, entry, extra.length);
  record.u16(0).u16(0).u16(0).u32(MODE).u32(Math.min(offset, MAX_32));
  return record.bytes(name).bytes(extra.done()).done();
}

/** The fields that both headers have. */
function common(record: ZipRecord, { sizeBytes, crc, modifiedAt, name }: ZipEntry, extra: number): void {
  const { date, time } = dosTime(modifiedAt);
  const size = Math.min(sizeBytes, MAX_32);
  record.u16(VERSION).u16(UTF8).u16(0).u16(time).u16(date);
  record.u32(crc).u32(size).u32(size).u16(name.byteLength).u16(extra);
}

/** Seconds since 1970, which have no time zone: the "extended timestamp" of Info-ZIP's proginfo/extrafld.txt. */
function timeExtra({ modifiedAt }: ZipEntry): Uint8Array {
  return new ZipRecord()
    .u16(0x5455)
    .u16(5)
    .bytes(Uint8Array.of(1))
    .u32(Math.floor(modifiedAt / 1000))
    .done();
}

/** By the clock on the wall, from 1980 on. */
function dosTime(modifiedAt: number): { readonly date: number; readonly time: number } {
  const at = new Date(modifiedAt);
  const year = at.getFullYear() - 1980;
  if (!(year >= 0 && year < 128)) return { date: (1 << 5) | 1, time: 0 };
  return {
    date: (year << 9) | ((at.getMonth() + 1) << 5) | at.getDate(),
    time: (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1),
  };
}

/** Numbers with their lowest byte first. */
class ZipRecord {
  readonly #bytes: number[] = [];

  get length(): number {
    return this.#bytes.length;
  }

  u16(value: number): this {
    return this.#number(value, 2);
  }

  u32(value: number): this {
    return this.#number(value, 4);
  }

  u64(value: number): this {
    return this.#number(value, 8);
  }

  bytes(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  done(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  #number(value: number, length: number): this {
    for (let at = 0; at < length; at++) this.#bytes.push(Math.floor(value / 256 ** at) % 256);
    return this;
  }
}
