// What another package needs to write manifests: the door `@rivulet/sdk/content`.
export { MIB } from "../base/bytes.ts";
export { type HlsPlaylist, readHlsPlaylist } from "./hls-playlist.ts";
export {
  HASH_BYTES,
  MAX_MANIFEST_BYTES,
  MAX_PATH_LENGTH,
  MAX_PIECES,
  MAX_RESOURCES,
  MIN_PIECE_BYTES,
} from "./limits.ts";
export { LiveListing } from "./live-listing.ts";
export { formatManifest, isBelowBase, pieceBytesFor, type Resource } from "./manifest.ts";
export { merkleRoot } from "./merkle.ts";
export { normalizePath } from "./url-path.ts";
