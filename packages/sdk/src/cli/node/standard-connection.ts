import type { RtcConfig } from "node-datachannel";
import type { RTCPeerConnection as BoundConnection } from "node-datachannel/polyfill";
import { type NativeConnection, ordered } from "./ordered-messages.ts";

export type OpenConnections = Set<{ close(): void }>;

type Description = RTCSessionDescriptionInit;

/** What is used of it, without what browsers know from earlier times. */
interface StandardConnection extends EventTarget {
  readonly localDescription: RTCSessionDescription | null;
  createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel;
  createOffer(): Promise<Description>;
  createAnswer(): Promise<Description>;
  setRemoteDescription(description: Description): Promise<void>;
  close(): void;
}

const LOOK_AGAIN_MS = 5;
const CANDIDATES = /a=(candidate:|end-of-candidates).*\r\n/g;

/**
 * What simple-peer and Rivulet's link expect of a connection, and libdatachannel's binding does otherwise:
 *
 * - it writes a TURN server's name and password into its URL as they are, where a colon, which every name that expires
 *   has, would end the name;
 * - its descriptions cannot be changed;
 * - its channels say that they are closed as soon as somebody here closes them, when what they hold is not sent yet; that
 *   they are closed before they have given what came; and that little is buffered when that was so a while ago;
 * - when it dials, it knows the fingerprint of the other side's certificate a moment after it can be reached, and a
 *   handshake that is quicker fails for good. So nobody is told where it is reached until it has its answer.
 */
export function standardConnection(parts: {
  readonly PeerConnection: typeof BoundConnection;
  readonly Native: new (name: string, config: RtcConfig) => NativeConnection;
  /** Has each connection for as long as it is not closed. */
  readonly open: OpenConnections;
}): new (
  config?: RTCConfiguration,
) => StandardConnection {
  const { Native, open } = parts;
  // Of the standard's shape, or made so here.
  const PeerConnection = parts.PeerConnection as unknown as new (config: object) => StandardConnection;
  return class extends PeerConnection {
    /** The other side has described itself. */
    #answered = false;
    readonly #heldBack: Event[] = [];

    constructor({ iceServers = [], iceTransportPolicy = "all" }: RTCConfiguration = {}) {
      const native = new Native("rivulet", { iceServers: iceServers.flatMap(urlsOf), iceTransportPolicy });
      super({ iceTransportPolicy, peerConnection: ordered(native) } as RTCConfiguration);
      open.add(this);
    }

    override close(): void {
      open.delete(this);
      super.close();
    }

    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      return standardChannel(super.createDataChannel(label, options));
    }

    override async createOffer(): Promise<Description> {
      return writable(await super.createOffer());
    }

    override async createAnswer(): Promise<Description> {
      return writable(await super.createAnswer());
    }

    /** What simple-peer sends. */
    override get localDescription(): RTCSessionDescription {
      const { type, sdp } = super.localDescription ?? {};
      const isAlone = type === "offer" && !this.#answered;
      return { type, sdp: isAlone ? sdp?.replace(CANDIDATES, "") : sdp } as RTCSessionDescription;
    }

    override async setRemoteDescription(description: Description): Promise<void> {
      await super.setRemoteDescription(description);
      this.#answered = true;
      for (const event of this.#heldBack.splice(0)) super.dispatchEvent(event);
    }

    override dispatchEvent(event: Event): boolean {
      if (event.type === "icecandidate" && !this.#answered) return this.#heldBack.push(event) > 0;
      if ("channel" in event) standardChannel(event.channel as RTCDataChannel);
      return super.dispatchEvent(event);
    }
  };
}

/** As libdatachannel has them, `turn:name:password@host`. */
function urlsOf({ urls, username, credential }: RTCIceServer): string[] {
  const [name, word] = [username, credential].map((part) => encodeURIComponent(part ?? ""));
  return [urls].flat().map((url) => (username && credential ? url.replace(":", `:${name}:${word}@`) : url));
}

function writable({ type, sdp }: Description): Description {
  return { type, ...(sdp !== undefined && { sdp }) };
}

function standardChannel(channel: RTCDataChannel): RTCDataChannel {
  let isClosing = false;
  const close = channel.close.bind(channel);
  const dispatch = channel.dispatchEvent.bind(channel);
  // It is said of a moment that may be over.
  const tellWhenLow = (event: Event): void => {
    if (channel.bufferedAmount <= channel.bufferedAmountLowThreshold) dispatch(event);
    else if (channel.readyState === "open") setTimeout(() => tellWhenLow(event), LOOK_AGAIN_MS);
  };
  channel.close = () => {
    isClosing = true;
    close();
  };
  channel.dispatchEvent = (event) => {
    if (event.type === "bufferedamountlow") tellWhenLow(event);
    // It is closing for as long as its connection lasts: the other side ends that when it has all that was sent.
    else if (event.type !== "close" || !isClosing) return dispatch(event);
    return true;
  };
  return channel;
}
