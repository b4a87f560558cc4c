/*
 * What is where in the database, for all who open it: pages, and a Service Worker that must stay small. A piece's bytes
 * are under their hash.
 */

/** Of a page that does not name another. */
export const DATABASE = "rivulet";
export const OBJECT_STORE = "pieces";
/** Before a piece's hash: the key of its size and last use. */
export const INDEX = "index:";
/** Before the keys of what a Service Worker remembers. */
export const WORKER = "worker:";
/** Before a manifest's URL: the key of what a Service Worker knows of it. */
export const CATALOGUE = "worker:catalogue:";
/** The key of which players are whose (integrations/worker/players.ts). */
export const PLAYERS = "worker:players";

/** All keys with this prefix, which ends in a colon: `;` is the character after it. */
export function keysFrom(prefix: string): IDBKeyRange {
  return IDBKeyRange.bound(prefix, `${prefix.slice(0, -1)};`);
}
