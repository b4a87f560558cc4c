import { promisifyRequest, type UseStore } from "idb-keyval";
import { concatBytes, KIB, MIB, toHex } from "#sdk/base/bytes.ts";
import { seededRandom } from "#sdk/base/random.ts";

/** Bytes of an asset, cut into pieces. */
export interface Asset {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly pieces: readonly Piece[];
}

interface Piece {
  readonly hash: string;
  /** First byte within the asset. */
  readonly offset: number;
  readonly length: number;
}

/** A way to lay pieces out in the database. */
export interface Layout {
  /** What is written for an asset, besides one index record for each. */
  readonly records: (asset: Asset) => readonly Record[];
  /** Records are read so many at a time, at most, but no more than this many bytes of them in one transaction. */
  readonly batchBytes: number;
  /** Cut so that Chromium keeps it among the keys: a value of 64 KiB or more is a file of its own. */
  readonly inline?: boolean;
  /** Written as a Blob, of which a part can be read by itself. */
  readonly blob?: boolean;
  /** The pieces of a batch are hashed side by side. */
  readonly together: boolean;
}

interface Record {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** What the bytes hold, in order. */
  readonly pieces: readonly Piece[];
}

const perPiece: Layout["records"] = ({ bytes, pieces }) =>
  pieces.map((piece) => record(piece.hash, bytes, [piece]));

export const LAYOUTS = {
  piece: { records: perPiece, batchBytes: 0, together: false },
  batches: { records: perPiece, batchBytes: MIB, together: false },
  batchesTogether: { records: perPiece, batchBytes: MIB, together: true },
  inline: { records: perPiece, inline: true, batchBytes: MIB, together: true },
  resource: {
    records: ({ name, bytes, pieces }) => [record(name, bytes, pieces)],
    batchBytes: 0,
    together: true,
  },
  groups: { records: perGroup, batchBytes: 0, together: true },
  blobs: { records: perGroup, blob: true, batchBytes: 0, together: true },
} satisfies { readonly [name: string]: Layout };

function perGroup({ name, bytes, pieces }: Asset): Record[] {
  return grouped(pieces, ({ length }) => length, MIB).map((group, at) =>
    record(`${name}-${at}`, bytes, group),
  );
}

const INLINE_BYTES = 32 * KIB;

/** As IndexedDbStore writes while pieces come faster than the disk takes them: what waits, in one transaction. */
export async function writeAll(store: UseStore, layout: Layout, assets: readonly Asset[]): Promise<void> {
  for (const batch of grouped(assets.flatMap(layout.records), ({ bytes }) => bytes.byteLength, MIB))
    await store("readwrite", (records) => {
      for (const { key, bytes } of batch) {
        for (const [part, from] of partsOf(layout, key, bytes.byteLength))
          records.put(storedAs(layout, layout.inline ? bytes.slice(from, from + INLINE_BYTES) : bytes), part);
        records.put({ sizeBytes: bytes.byteLength, usedAt: Date.now() }, `index:${key}`);
      }
      return promisifyRequest(records.transaction);
    });
}

/** As a Service Worker reads a page's assets: several at once, each from its first byte on, every piece checked. */
export async function readAll(store: UseStore, layout: Layout, assets: readonly Asset[]): Promise<void> {
  const waiting = assets.map((asset) => layout.records(asset).map(({ key, pieces }) => ({ key, pieces })));
  const reader = async () => {
    for (let records = waiting.shift(); records; records = waiting.shift()) {
      const lengthOf = ({ pieces }: { readonly pieces: readonly Piece[] }) =>
        pieces.reduce((sum, { length }) => sum + length, 0);
      for (const batch of grouped(records, lengthOf, layout.batchBytes)) {
        const values = await Promise.all(
          await store("readonly", (stored) => batch.map((one) => whole(stored, layout, one))),
        );
        const checks = batch.flatMap(({ pieces }, at) => {
          const value = values[at] as Uint8Array<ArrayBuffer>;
          const first = pieces[0]?.offset ?? 0;
          return pieces.map((piece) => () => check(value, piece, first));
        });
        if (layout.together) await Promise.all(checks.map((run) => run()));
        else for (const run of checks) await run();
      }
    }
  };
  // As many as a browser asks of one origin at once.
  await Promise.all(Array.from({ length: 6 }, reader));
}

/** As uploads read: single pieces of all assets, four at once. */
export async function readSome(
  store: UseStore,
  { layout, assets, count }: { layout: Layout; assets: readonly Asset[]; count: number },
): Promise<void> {
  const all = assets.flatMap(layout.records).flatMap((one) => one.pieces.map((piece) => ({ one, piece })));
  const random = seededRandom(count);
  const waiting = Array.from({ length: count }, () => all[random.below(all.length)]);
  const reader = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { one, piece } = next;
      const first = one.pieces[0]?.offset ?? 0;
      if (layout.blob) {
        const blob = await store("readonly", (stored) => promisifyRequest<Blob>(stored.get(one.key)));
        const part = blob.slice(piece.offset - first, piece.offset - first + piece.length);
        await check(new Uint8Array(await part.arrayBuffer()), piece, piece.offset);
      } else await check(await store("readonly", (stored) => whole(stored, layout, one)), piece, first);
    }
  };
  await Promise.all([1, 2, 3, 4].map(reader));
}

function storedAs({ blob }: Layout, bytes: Uint8Array): Uint8Array | Blob {
  return blob ? new Blob([bytes as Uint8Array<ArrayBuffer>]) : bytes;
}

/** Asks for all of a record at once, while the transaction lasts. */
async function whole(
  stored: IDBObjectStore,
  layout: Layout,
  { key, pieces }: Pick<Record, "key" | "pieces">,
): Promise<Uint8Array<ArrayBuffer>> {
  const length = pieces.reduce((sum, one) => sum + one.length, 0);
  const parts = await Promise.all(
    partsOf(layout, key, length).map(([part]) =>
      promisifyRequest<Uint8Array<ArrayBuffer> | Blob>(stored.get(part)),
    ),
  );
  const [only] = parts;
  if (only instanceof Blob) return new Uint8Array(await only.arrayBuffer());
  const whole = parts.length === 1 ? only : concatBytes(parts as Uint8Array[]);
  return whole as Uint8Array<ArrayBuffer>;
}

export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** The keys of a record's parts, and where in it they begin. */
function partsOf({ inline }: Layout, key: string, length: number): (readonly [key: string, from: number])[] {
  const count = inline ? Math.ceil(length / INLINE_BYTES) : 1;
  return Array.from(
    { length: count },
    (_, at) => [at === 0 ? key : `${key}+${at}`, at * INLINE_BYTES] as const,
  );
}

async function check(
  value: Uint8Array<ArrayBuffer>,
  { hash, offset, length }: Piece,
  first: number,
): Promise<void> {
  const found = await hashOf(value.subarray(offset - first, offset - first + length));
  if (found !== hash) throw new Error(`A piece of ${length} bytes came back wrong.`);
}

/** With bytes of its own, as the store has them. */
function record(key: string, bytes: Uint8Array, pieces: readonly Piece[]): Record {
  const [first, last] = [pieces[0], pieces.at(-1)];
  return { key, bytes: bytes.slice(first?.offset, (last?.offset ?? 0) + (last?.length ?? 0)), pieces };
}

/** In order, as many as fit, but at least one. */
function grouped<Item>(
  items: readonly Item[],
  lengthOf: (item: Item) => number,
  mostBytes: number,
): Item[][] {
  const groups: Item[][] = [];
  let heldBytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    heldBytes += lengthOf(item);
    if (heldBytes > mostBytes) {
      groups.push([]);
      heldBytes = lengthOf(item);
    }
    groups.at(-1)?.push(item);
  }
  return groups;
}
