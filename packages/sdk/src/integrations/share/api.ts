import type { ShareEvents, ShareProgress } from "../../client/share/share-events.ts";
import type { SharedFile } from "../../content/share/file-stream.ts";

/** What both ends of a share may be given. */
export interface ShareOptions {
  /** The signaling server, a `ws:` or `wss:` URL. */
  readonly signal: string;
  /** What the signaling server asks for to let this page in; a function is asked anew for each connection. */
  readonly token?: string | (() => string | Promise<string>);
  /** STUN and TURN servers, beside those that the signaling server names. */
  readonly iceServers?: readonly RTCIceServer[];
  /** `relay`: peers are reached through TURN servers only, and learn no address of this person. */
  readonly iceTransportPolicy?: "all" | "relay";
  /** Who opens the link must know this too. */
  readonly password?: string;
  /** Where `rivulet-share-worker.js` is; by default beside this module. */
  readonly workerUrl?: string | URL;
  /** Uploads together, at most, bytes per second. */
  readonly uploadBytesPerSecond?: number;
}

/** What a person dropped or picked. A path's folders are kept; a handle's own name is the first of them. */
export type Shareable =
  | File
  | { readonly file: File; readonly path: string }
  | FileSystemFileHandle
  | FileSystemDirectoryHandle;

/** What both ends of a share can do. */
export interface OpenShare {
  /** What is shared; empty while a receiver does not know it yet. */
  readonly files: readonly SharedFile[];
  readonly progress: ShareProgress;
  /** Adds a listener; the function it returns removes it. */
  on<Name extends keyof ShareEvents>(name: Name, listener: (event: ShareEvents[Name]) => void): () => void;
  /** Ends all connections. What a receiver has stays on disk, so that the link may be opened again. */
  stop(): Promise<void>;
}

/** Files that are being sent. */
export interface SentShare extends OpenShare {
  /** `page`, with what the receivers need to know behind its `#`, which no server sees. */
  readonly link: string;
}

/** Files that are being received. */
export interface ReceivedShare extends OpenShare {
  /** Settles when every byte is on disk and verified; rejects when it never will be, or was stopped. */
  readonly done: Promise<void>;
  /**
   * A file that is whole, backed by the disk, not by memory; undefined while it is not.
   */
  file(index: number): Promise<File | undefined>;
  /**
   * Writes every file into a folder that the person picked (`showDirectoryPicker`), with its folders, each as soon as it is
   * whole. A file that is there already is not written over: the new one gets ` (2)` in its name. Resolves with all written.
   * @throws RivuletError `file-unwritable`, `storage-full`.
   */
  saveTo(folder: FileSystemDirectoryHandle): Promise<void>;
  /** All files as one zip archive (not compressed), backed by the disk. Waits until all is there. */
  zip(): Promise<File>;
  /** Ends it, and takes what is there off the disk. */
  discard(): Promise<void>;
}

/** `receive`'s own options, beside those of both. */
export interface ReceiveOptions extends ShareOptions {
  /** Stop giving once everything is there; by default others get it from this browser too for as long as the page is open. */
  readonly seed?: boolean;
}

/** `share`'s own options, beside those of both. */
export interface SendOptions extends ShareOptions {
  /** The page that receives, to which the link leads; by default this one. */
  readonly page?: string;
}
