import { type Allowances, tokenAllowances } from "./access/allowance.ts";
import type { Door } from "./access/door.ts";
import type { Caller } from "./access/grant.ts";
import type { ClusterRooms } from "./cluster/cluster-rooms.ts";
import type { SignalingOptions } from "./config/options.ts";
import { Directory } from "./directory/directory.ts";
import { rankedPeers } from "./directory/ranked-peers.ts";
import type { Elsewhere } from "./elsewhere.ts";
import type { Counts } from "./operation/counts.ts";
import { IceDesk } from "./rivulet/ice-desk.ts";
import { iceServersFor } from "./rivulet/ice-servers.ts";
import { Introductions } from "./rivulet/introductions.ts";
import { RivuletConversation } from "./rivulet/rivulet-conversation.ts";
import { Sessions } from "./rivulet/sessions.ts";
import type { SharedLimits } from "./service.ts";
import { rivuletNews, SharedRooms, webTorrentRoom } from "./shared-rooms.ts";
import type { Surroundings } from "./surroundings.ts";
import { Identities } from "./webtorrent/identities.ts";
import { OfferCarrier } from "./webtorrent/offer-carrier.ts";
import { RemoteMembers, swarmNews } from "./webtorrent/remote-members.ts";
import { Swarms } from "./webtorrent/swarms.ts";
import { TrackerConversation } from "./webtorrent/tracker-conversation.ts";

export interface ConversationsParts {
  readonly options: SignalingOptions;
  readonly surroundings: Surroundings;
  readonly counts: Counts;
  readonly elsewhere: Elsewhere;
}

/** Rivulet's own protocol, with all that it keeps. */
export function rivuletSide({ options, surroundings, counts, elsewhere }: ConversationsParts) {
  const { random, peerOfSecret, hmacSha1, epochNow } = surroundings;
  const choose = rankedPeers({ random, randomShare: options.randomPeersPercent / 100 });
  const directory = new Directory(options, choose, rivuletNews(elsewhere));
  const sessions = new Sessions();
  const introductions = new Introductions({ directory, sessions, elsewhere, counts });
  const ice = new IceDesk({
    issue: (peer) => iceServersFor(options, { peer, epochNow: epochNow(), hmacSha1 }),
    counts,
  });
  const parts = { options, directory, sessions, introductions, ice, counts, peerOfSecret };
  return { directory, sessions, introductions, conversation: new RivuletConversation(parts) };
}

/** The WebTorrent tracker protocol, with all that it keeps. */
export function webTorrentSide({ options, surroundings, counts, elsewhere }: ConversationsParts) {
  const identities = new Identities();
  const swarms = new Swarms(options, swarmNews(elsewhere, webTorrentRoom));
  const offers = new OfferCarrier({ identities, swarms, elsewhere, counts });
  const { random } = surroundings;
  const conversation = new TrackerConversation({ options, identities, swarms, offers, counts, random });
  return { identities, swarms, remoteMembers: new RemoteMembers({ swarms, offers }), conversation };
}

/** Where what other processes say arrives. */
export function sharedRooms(
  rivulet: ReturnType<typeof rivuletSide>,
  { remoteMembers }: ReturnType<typeof webTorrentSide>,
): ClusterRooms {
  return new SharedRooms({ ...rivulet, remoteMembers });
}

/** What is counted by address, at the door, and by token holder. */
export function sharedLimits(
  options: SignalingOptions,
  door: Door,
): SharedLimits & { sweep(now: number): void } {
  const holders: Allowances = tokenAllowances(options);
  const holderOf = ({ grant }: Caller) => grant.holder;
  return {
    enter: (caller, now) => {
      const holder = holderOf(caller);
      return holder === undefined ? undefined : holders.enter(holder, now);
    },
    exit: (caller, now) => {
      const holder = holderOf(caller);
      if (holder !== undefined) holders.exit(holder, now);
    },
    message: (caller, now) => {
      const holder = holderOf(caller);
      return door.message(caller.address, now) && (holder === undefined || holders.message(holder, now));
    },
    sweep: (now) => holders.sweep(now),
  };
}
