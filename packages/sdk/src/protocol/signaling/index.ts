export type { ErrorCode } from "../../base/errors.ts";
// The server package imports the protocol and nothing beneath it, so what they both stand on is handed out here.
export { RivuletError } from "../../base/errors.ts";
export type { ContentId, DialId, PeerId } from "../../base/ids.ts";
export { parseContentId, parseDialId, parsePeerId } from "../../base/ids.ts";
export { nearestName } from "../../base/nearest-name.ts";
export { type Random, seededRandom } from "../../base/random.ts";
export { minute, second } from "../../base/time.ts";
export type { AnnounceMessage } from "./announce.ts";
export { type ClientMessage, decodeClientMessage, encodeClientMessage } from "./client-message.ts";
export type { ErrorMessage, ErrorSubject } from "./error.ts";
export {
  SIGNAL_CLOSE_CODES,
  SIGNAL_ERROR_CODES,
  type SignalCloseReason,
  type SignalErrorCode,
} from "./error-codes.ts";
export type { HelloMessage } from "./hello.ts";
export type { IceHandout, IceMessage, IceServer } from "./ice.ts";
export type { IntroducedMessage, IntroduceMessage } from "./introduce.ts";
export type { LeaveMessage } from "./leave.ts";
export {
  MAX_DURATION_MS,
  MAX_FREE_CONNECTIONS,
  MAX_ICE_SERVERS,
  MAX_ICE_TEXT_LENGTH,
  MAX_PEERS_PER_REPLY,
  MAX_SIGNAL_BYTES,
  MAX_SIGNAL_DEPTH,
  MAX_SIGNAL_MESSAGE_BYTES,
  SIGNAL_VERSION,
} from "./limits.ts";
export type { PeerListing, PeersMessage } from "./peers.ts";
export type { PingMessage, PongMessage } from "./ping.ts";
export { decodeServerMessage, encodeServerMessage, type ServerMessage } from "./server-message.ts";
export type { SignalData } from "./signal-data.ts";
export type { WelcomeMessage } from "./welcome.ts";
