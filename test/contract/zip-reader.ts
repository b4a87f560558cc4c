/** One file of an archive, as its directory has it. */
export interface Unzipped {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
  readonly crc: number;
  /** Seconds since 1970, of its extra field. */
  readonly modifiedAt: number;
  readonly offset: number;
}

/** The archive's directory begins here, bytes. */
export interface ZipEnd {
  readonly count: number;
  readonly offset: number;
  readonly length: number;
}

/** Reads an archive as PKWARE's APPNOTE.TXT has it, by another way than it was written; nothing may be compressed. */
export function unzip(archive: Uint8Array): Unzipped[] {
  const { count, offset } = zipEnd(archive);
  const files: Unzipped[] = [];
  let at = offset;
  for (let number = 0; number < count; number++) {
    const entry = directoryEntry(archive, at);
    at = entry.end;
    const local = new DataView(archive.buffer, archive.byteOffset + entry.offset);
    signature(local, 0, 0x04034b50);
    if (local.getUint16(8, true) !== 0) throw new Error(`${entry.name} is compressed.`);
    if (local.getUint32(14, true) !== entry.crc) throw new Error(`${entry.name} has two checksums.`);
    const nameLength = local.getUint16(26, true);
    const begin = entry.offset + 30 + nameLength + local.getUint16(28, true);
    const name = text(archive.subarray(entry.offset + 30, entry.offset + 30 + nameLength));
    if (name !== entry.name) throw new Error(`${entry.name} is called ${name} too.`);
    files.push({ ...entry, bytes: archive.slice(begin, begin + entry.sizeBytes) });
  }
  return files;
}

/** What the end of an archive says, by its long form where there is one. */
export function zipEnd(archive: Uint8Array): ZipEnd {
  const end = archive.byteLength - 22;
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  signature(view, end, 0x06054b50);
  const isLong = end >= 20 && view.getUint32(end - 20, true) === 0x07064b50;
  if (!isLong) {
    return {
      count: view.getUint16(end + 10, true),
      length: view.getUint32(end + 12, true),
      offset: view.getUint32(end + 16, true),
    };
  }
  // The locator names a place in the whole archive; of this tail only its end is known.
  const long = end - 20 - 56;
  signature(view, long, 0x06064b50);
  const at = (place: number) => Number(view.getBigUint64(long + place, true));
  if (Number(view.getBigUint64(end - 12, true)) !== at(48) + at(40))
    throw new Error("The locator points elsewhere.");
  return { count: at(32), length: at(40), offset: at(48) };
}

/** An entry of the directory at a place, and where the next begins. */
export function directoryEntry(
  bytes: Uint8Array,
  at: number,
): Omit<Unzipped, "bytes"> & { readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  signature(view, 0, 0x02014b50);
  if ((view.getUint16(8, true) & 0x800) === 0) throw new Error("The name is not UTF-8.");
  const nameLength = view.getUint16(28, true);
  const extraEnd = 46 + nameLength + view.getUint16(30, true);
  let sizeBytes = view.getUint32(24, true);
  let offset = view.getUint32(42, true);
  let modifiedAt = 0;
  for (let extra = 46 + nameLength; extra < extraEnd; extra += 4 + view.getUint16(extra + 2, true)) {
    if (view.getUint16(extra, true) === 0x5455) modifiedAt = view.getUint32(extra + 5, true);
    if (view.getUint16(extra, true) !== 1) continue;
    let place = extra + 4;
    if (sizeBytes === 0xffffffff) {
      sizeBytes = Number(view.getBigUint64(place, true));
      place += 16;
    }
    if (offset === 0xffffffff) offset = Number(view.getBigUint64(place, true));
  }
  const name = text(bytes.subarray(at + 46, at + 46 + nameLength));
  return { name, sizeBytes, crc: view.getUint32(16, true), modifiedAt, offset, end: at + extraEnd };
}

function signature(view: DataView, at: number, expected: number): void {
  if (view.getUint32(at, true) !== expected) throw new Error(`No record ${expected.toString(16)} at ${at}.`);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
