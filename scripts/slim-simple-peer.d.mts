import type { Plugin } from "esbuild";

/** Loads simple-peer as an ES module, cut down. */
export function slimSimplePeer(): Plugin;

/** simple-peer's source, cut down; throws when it is not the source that the cuts were made for. */
export function toSlimModule(source: string): string;
