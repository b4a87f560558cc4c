import { EchoPeer } from "./echo-peer.ts";
import type { Destination } from "./frame-socket.ts";
import { type Crowd, PATHS, type Protocol } from "./load-commands.ts";
import type { LoadPeer } from "./load-peer.ts";
import { RivuletPeer } from "./rivulet-peer.ts";
import type { Tally } from "./tally.ts";
import { TrackerPeer } from "./tracker-peer.ts";

/** Connections that are being opened at a time. */
const AT_ONCE = 100;
const OPEN_ATTEMPTS = 3;

type PeerClass = new (no: number, swarm: number, destination: Destination, tally: Tally) => LoadPeer;

const CLASSES: Readonly<Record<Protocol, PeerClass>> = {
  tracker: TrackerPeer,
  rivulet: RivuletPeer,
  bare: EchoPeer,
};

/** The loopback addresses 127.1.0.1 and on: one for so many connections, as if many machines came. */
export function loopbackAddress(no: number): string {
  return `127.1.${Math.floor(no / 250) % 250}.${(no % 250) + 1}`;
}

export function crowdPeer(crowd: Omit<Crowd, "count" | "idle">, no: number, tally: Tally): LoadPeer {
  const { protocol, port, swarmSize, swarms, perAddress } = crowd;
  const swarm = swarms === undefined ? Math.floor(no / swarmSize) : no % swarms;
  const from = loopbackAddress(Math.floor(no / perAddress));
  return new CLASSES[protocol](no, swarm, { port, path: PATHS[protocol], from }, tally);
}

/** Opens all of a crowd, and lets it join; throws when one cannot. */
export async function openCrowd(crowd: Crowd, tally: Tally): Promise<LoadPeer[]> {
  const peers = Array.from({ length: crowd.count }, (_, at) => crowdPeer(crowd, crowd.first + at, tally));
  let next = 0;
  const openSome = async () => {
    for (let peer = peers[next++]; peer; peer = peers[next++]) {
      await openPatiently(peer);
      if (!crowd.idle) await peer.join();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, openSome));
  return peers;
}

/** A connection may be reset while very many are being opened. */
async function openPatiently(peer: LoadPeer): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await peer.open();
    } catch (error) {
      if (attempt === OPEN_ATTEMPTS) throw error;
    }
  }
}
