import { type HlsPlaylist, readHlsPlaylist } from "@rivulet/sdk/content";
import { type AllowedOrigins, quoted } from "./allowed-origins.ts";
import { type Failure, failed } from "./failure.ts";
import type { FetchSlots } from "./fetch-slots.ts";
import type { OriginPort } from "./origin-port.ts";

/** A media playlist as it is now. */
export interface MediaPlaylist {
  /** By what it was asked for. */
  readonly url: URL;
  /** What its URIs are relative to: where it was found. */
  readonly foundAt: URL;
  readonly playlist: HlsPlaylist;
}

/** The media playlists of a stream. */
export interface StreamPlaylists {
  readonly type: "stream";
  /** All that there are. */
  readonly urls: readonly URL[];
  /** Those that could be read. */
  readonly media: readonly MediaPlaylist[];
}

/** Reads playlists of allowed origins. */
export class PlaylistReader {
  readonly #origin: OriginPort;
  readonly #origins: AllowedOrigins;
  readonly #slots: FetchSlots;
  readonly #maxBytes: number;
  readonly #maxRenditions: number;

  constructor(parts: {
    readonly origin: OriginPort;
    readonly origins: AllowedOrigins;
    readonly slots: FetchSlots;
    /** Of one playlist. */
    readonly maxBytes: number;
    /** Of one multivariant playlist. */
    readonly maxRenditions: number;
  }) {
    this.#origin = parts.origin;
    this.#origins = parts.origins;
    this.#slots = parts.slots;
    this.#maxBytes = parts.maxBytes;
    this.#maxRenditions = parts.maxRenditions;
  }

  /** The media playlists of a stream: the one at this URL, or those that the one there names. */
  async readStream(url: URL): Promise<StreamPlaylists | Failure> {
    const root = await this.#read(url);
    if (isFailure(root)) return root;
    const { playlists } = root.playlist;
    if (playlists.length === 0) return { type: "stream", urls: [url], media: [root] };
    const urls = new Map<string, URL>();
    for (const uri of playlists) {
      const read = this.#origins.read(uri, root.foundAt);
      if (read.type === "allowed" && urls.size < this.#maxRenditions) urls.set(read.url.href, read.url);
    }
    if (urls.size === 0)
      return failed(
        "resource-origin-not-allowed",
        `${quoted(url.href)} names no playlist of an allowed origin.`,
      );
    return this.readAll([...urls.values()]);
  }

  /** Some media playlists; why none can be read, if none can. */
  async readAll(urls: readonly URL[]): Promise<StreamPlaylists | Failure> {
    const read = await Promise.all(urls.map((url) => this.#read(url)));
    const media = read.flatMap((one) => (isFailure(one) ? [] : [one]));
    const failure = read.find(isFailure);
    return media.length === 0 && failure ? failure : { type: "stream", urls, media };
  }

  async #read(url: URL): Promise<MediaPlaylist | Failure> {
    const parts: Uint8Array[] = [];
    const receive = () => (chunk: Uint8Array) => void parts.push(chunk);
    const answer = await this.#slots.run(
      () => this.#origin.get({ url, maxBytes: this.#maxBytes, receive }),
      true,
    );
    if (!answer) return failed("too-many-fetches", "Too many fetches wait for their turn; try again later.");
    if (answer.type === "failed") return answer;
    const playlist = readHlsPlaylist(Buffer.concat(parts).toString("utf8"));
    return playlist && answer.type === "complete"
      ? { url, foundAt: answer.url, playlist }
      : failed("playlist-malformed", `${quoted(url.href)} is no HLS playlist.`);
  }
}

function isFailure(read: MediaPlaylist | Failure): read is Failure {
  return "type" in read;
}
