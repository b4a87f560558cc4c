import { createStore, type UseStore } from "idb-keyval";
import { IndexedDbStore } from "#sdk/adapters/indexeddb-store.ts";
import type { IndexedDbStoreOptions } from "#sdk/adapters/indexeddb-store-options.ts";

/** A name that no other test uses, in whatever file: they share the browser's profile. */
export function newDatabase(): string {
  return `test-${crypto.randomUUID()}`;
}

/** What the store keeps, past the store. */
export function rawStore(name: string): UseStore {
  return createStore(name, "pieces");
}

/** Opens a store for which any problem fails the test. */
export function openQuietly(
  options: Pick<IndexedDbStoreOptions, "name"> & Partial<IndexedDbStoreOptions>,
): Promise<IndexedDbStore> {
  return IndexedDbStore.open({
    quotaBytes: 10_000,
    onProblem: (error) => {
      throw error;
    },
    ...options,
  });
}

/** Puts something else in the place of a member while `run` lasts. */
export async function replacing<T extends object, K extends keyof T>(
  owner: T,
  { member, value }: { readonly member: K; readonly value: T[K] },
  run: () => Promise<void>,
): Promise<void> {
  const original = Object.getOwnPropertyDescriptor(owner, member);
  Object.defineProperty(owner, member, { value, configurable: true, writable: true });
  try {
    await run();
  } finally {
    if (original) Object.defineProperty(owner, member, original);
    else Reflect.deleteProperty(owner, member);
  }
}

/** Makes the next `times` writes fail like this. Returns how many were tried so far. */
export async function failingPuts(
  failure: { readonly name: string; readonly times: number },
  run: (tried: () => number) => Promise<void>,
): Promise<void> {
  const put = IDBObjectStore.prototype.put;
  let tried = 0;
  const value = function (this: IDBObjectStore, ...args: Parameters<typeof put>): IDBRequest<IDBValidKey> {
    if (tried++ < failure.times) throw new DOMException("as the test wants it", failure.name);
    return put.apply(this, args);
  };
  await replacing(IDBObjectStore.prototype, { member: "put", value }, () => run(() => tried));
}
