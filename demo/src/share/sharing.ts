import type {
  OpenShare,
  ReceivedShare,
  ReceiveOptions,
  SendOptions,
  SentShare,
  Shareable,
  SharedFile,
  SharePeer,
  ShareProgress,
} from "@rivulet/sdk/share";

export type { OpenShare, ReceivedShare, SentShare, Shareable, SharedFile, SharePeer, ShareProgress };

/** What the page needs of the SDK: tests put something in its place that fails when it is told to. */
export interface Sharing {
  share(files: Iterable<Shareable>, options: SendOptions): Promise<SentShare>;
  receive(link: string, options: ReceiveOptions): Promise<ReceivedShare>;
  droppedFiles(dataTransfer: DataTransfer): Promise<Shareable[]>;
  /** @throws RivuletError `bad-link`. */
  readShareLink(text: string): { readonly needsPassword: boolean };
}
