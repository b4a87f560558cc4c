import { type ContentId, parseContentId, parsePeerId, RivuletError } from "@rivulet/sdk/protocol";
import type { ClusterRooms, EntryElsewhere, OwnEntry } from "./cluster/cluster-rooms.ts";
import type { Delivery } from "./delivery.ts";
import type { Directory, DirectoryNews } from "./directory/directory.ts";
import type { Elsewhere, Entry, ProcessId } from "./elsewhere.ts";
import type { Introductions } from "./rivulet/introductions.ts";
import type { RivuletConversation } from "./rivulet/rivulet-conversation.ts";
import type { RemoteMembers } from "./webtorrent/remote-members.ts";

/** Room keys: whose rooms they are, then the content. */
const RIVULET = "r:";
const WEBTORRENT = "w:";

/** Own members of Rivulet's rooms, as the other processes are told of them. */
export function rivuletNews(elsewhere: Elsewhere): DirectoryNews {
  return {
    opened: (content) => elsewhere.opened(RIVULET + content),
    emptied: (content) => elsewhere.emptied(RIVULET + content),
    put: (content, peer, entry) => elsewhere.put(RIVULET + content, peer, entry),
    gone: (content, peer) => elsewhere.gone(RIVULET + content, peer),
  };
}

export function webTorrentRoom(hex: string): string {
  return WEBTORRENT + hex;
}

export interface SharedRoomsParts {
  readonly directory: Directory;
  readonly introductions: Introductions;
  readonly conversation: RivuletConversation;
  readonly remoteMembers: RemoteMembers;
}

/** Sends what other processes say to the conversation whose room it is about. What makes no sense is ignored. */
export class SharedRooms implements ClusterRooms {
  readonly #parts: SharedRoomsParts;

  constructor(parts: SharedRoomsParts) {
    this.#parts = parts;
  }

  entries(room: string, now: number): readonly OwnEntry[] {
    const content = contentOf(room);
    return content === undefined
      ? this.#parts.remoteMembers.entries(hexOf(room))
      : this.#parts.directory.entries(content, now);
  }

  put({ home, room, entry, isNews, now, peer }: EntryElsewhere): Delivery[] {
    const content = contentOf(room);
    if (content === undefined) {
      this.#parts.remoteMembers.put(home, hexOf(room), entry);
      return [];
    }
    const deliveries = isNews ? this.#moved(peer) : [];
    this.#parts.directory.putElsewhere(home, content, { entry, now });
    return deliveries;
  }

  gone(home: ProcessId, room: string, peer: string): void {
    const content = contentOf(room);
    if (content === undefined) this.#parts.remoteMembers.gone(home, hexOf(room), peer);
    else ignoringNonsense(() => this.#parts.directory.goneElsewhere(home, content, parsePeerId(peer)));
  }

  lost(home: ProcessId): void {
    this.#parts.directory.lostProcess(home);
    this.#parts.remoteMembers.lost(home);
  }

  carried(home: ProcessId, payload: unknown, now: number): Delivery[] {
    if (typeof payload !== "object" || payload === null) return [];
    const entry: Entry = { ...payload };
    const deliveries = ignoringNonsense(() =>
      entry.kind === "introduce" || entry.kind === "unknown"
        ? this.#parts.introductions.carried(home, entry)
        : this.#parts.remoteMembers.carried(home, entry, now),
    );
    return deliveries ?? [];
  }

  #moved(peer: string): Delivery[] {
    return ignoringNonsense(() => this.#parts.conversation.movedElsewhere(parsePeerId(peer))) ?? [];
  }
}

/** Undefined for a room that is none of Rivulet's. */
function contentOf(room: string): ContentId | undefined {
  if (!room.startsWith(RIVULET)) return undefined;
  return ignoringNonsense(() => parseContentId(room.slice(RIVULET.length)));
}

function hexOf(room: string): string {
  return room.startsWith(WEBTORRENT) ? room.slice(WEBTORRENT.length) : "";
}

function ignoringNonsense<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RivuletError) return undefined;
    throw error;
  }
}
