// Cuts simple-peer down to what Rivulet uses of it: one data channel, trickled candidates, nothing to renegotiate. As
// published it brings readable-stream, buffer and friends (60 KiB), audio and video, and a look-up of the addresses in
// use, which holds back `connect` by a round of statistics.
//
// Every cut must find its text exactly once, and the source must be the very one that the cuts were made for: a
// simple-peer that has changed fails the build, never the page.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const BASE = fileURLToPath(new URL("../packages/sdk/src/base", import.meta.url));

/** simple-peer 9.11.1, index.js. */
const SOURCE_SHA256 = "998fe9c7ff592d9a396591dca90878ce429d0bbe44aec467f3befeca067b1c52";

/** Methods that nothing of Rivulet calls, nor what is left of simple-peer. */
const UNUSED_METHODS = [
  "get bufferSize",
  "get connected",
  "address",
  // Audio and video. A description that has any is refused before simple-peer sees it: see simple-peer-signal.ts.
  "addTransceiver",
  "addStream",
  "addTrack",
  "replaceTrack",
  "removeTrack",
  "removeStream",
  "_requestMissingTransceivers",
  "_onTrack",
  // Renegotiation, which only audio and video need. The first negotiation is started by the constructor: see below.
  "_needsNegotiation",
  "negotiate",
  "_createAnswer",
  "_onSignalingStateChange",
  // Waiting for all candidates, which `trickle` does without.
  "_startIceCompleteTimeout",
  // The stream's face: Rivulet sends through `send` and watches the channel's buffer itself.
  "_write",
  "_onFinish",
  "_onInterval",
  "_onChannelBufferedAmountLow",
  // The addresses in use.
  "getStats",
  "_maybeReady",
  "_debug",
];

const FIRST_NEGOTIATION = `
    // In a task of its own, as simple-peer has it: Chrome crashes if an offer is made at once.
    if (this.initiator) setTimeout(() => this._describe(), 0)
`;

const DESCRIBE = `
  _describe () {
    if (this.destroyed) return
    // Makes an offer or an answer, whichever is due.
    this._pc.setLocalDescription()
      .then(() => {
        if (this.destroyed) return
        const { type, sdp } = this._pc.localDescription
        this.emit('signal', { type, sdp })
      })
      .catch(err => { this.destroy(err) })
  }
`;

const CHANNEL_OPEN = `
  _onChannelOpen () {
    if (!this.destroyed) this.emit('connect')
  }
`;

/** What is replaced, and by what. */
const REPLACEMENTS = [
  // Packages. The browser has queueMicrotask; of the stream only its events are used, and each carries one value.
  [/^const debug = [\s\S]*?(?=^class Peer )/m, ""],
  [/ extends stream\.Duplex \{$/m, " extends Emitter {"],
  [/^module\.exports = Peer$/m, "export default Peer"],

  // The constructor.
  [/^ {4}opts = Object\.assign[\s\S]*?^ {4}this\._id = .*\n/m, "    super()\n"],
  [/^ {4}this\.channelName = opts\.initiator\n.*\n.*\n/m, ""],
  [/ \|\| Peer\.channelConfig$/m, ""],
  [/^ {4}this\.channelNegotiated = .*\n/m, ""],
  [/^ {4}this\.config = Object\.assign.*\n[\s\S]*?(?=^ {4}this\.destroyed = false)/m, ""],
  [
    /^ {4}this\._connected = false\n\n? {4}this\.remoteAddress = undefined\n[\s\S]*?(?=^ {4}this\._channel = null)/m,
    "",
  ],
  [/^ {4}this\._isNegotiating = false[\s\S]*?(?=^ {4}try \{)/m, ""],
  // A browser without WebRTC fails here, within the `try`; the transport has asked before.
  ["new (this._wrtc.RTCPeerConnection)(this.config)", "new RTCPeerConnection(opts.config)"],
  [/^ {4}this\._isReactNativeWebrtc = .*\n/m, ""],
  [/^ {4}this\._pc\.onicegatheringstatechange = \(\) => \{\n.*\n {4}\}\n/m, ""],
  [/^ {4}this\._pc\.onsignalingstatechange = \(\) => \{\n.*\n {4}\}\n/m, ""],
  ["if (this.initiator || this.channelNegotiated) {", "if (this.initiator) {"],
  ["createDataChannel(this.channelName, ", "createDataChannel('rivulet', "],
  [/^ {4}if \(this\.streams\) \{\n[\s\S]*?^ {4}this\.once\('finish', .*\n/m, FIRST_NEGOTIATION],

  // signal: only what simple-peer-signal.ts lets through, as an object, and only while there is a link.
  [/^ {4}if \(this\.destroyed\) throw .*'cannot signal after.*\n/m, ""],
  [/^ {4}if \(!data\.sdp && .*\n.*signal\(\) called with.*\n {4}\}\n/m, ""],
  [/^ {4}if \(typeof data === 'string'\) \{\n[\s\S]*?(?=^ {4}if \(data\.candidate\))/m, ""],
  ["=== 'offer') this._createAnswer()", "=== 'offer') this._describe()"],
  ["new (this._wrtc.RTCSessionDescription)(data)", "data"],
  ["new this._wrtc.RTCIceCandidate(candidate)", "new RTCIceCandidate(candidate)"],
  // An address that this browser cannot use is no reason to warn the page.
  ["if (!iceCandidateObj.address || iceC", "if (iceCandidateObj.address && !iceC"],
  [/^ {10}warn\('Ignoring unsupported ICE candidate\.'\)\n {8}\} else \{\n/m, ""],
  [/^ {2}_read \(\) \{\}\n/m, ""],
  // send: only while the link is open, and what the channel throws ends it.
  [/^ {4}if \(this\.destroying\) return\n {4}if \(this\.destroyed\) throw .*'cannot send after.*\n/m, ""],

  // The end.
  [/^ {4}this\._destroy\(err, \(\) => \{\}\)\n {2}\}\n\n {2}_destroy \(err, cb\) \{\n/m, ""],
  [/^ {6}this\.readable = this\.writable = false\n[\s\S]*?(?=^ {6}if \(this\._channel\) \{)/m, ""],
  // Whoever is told of an event after the end looks at `destroyed`.
  [
    /^ {8}\/\/ allow events concurrent with destruction to be handled\n {8}this\._channel.*\n(?:.*= null\n)+/m,
    "",
  ],
  [/^ {8}\/\/ allow events concurrent with destruction to be handled\n {8}this\._pc.*\n(?:.*= null\n)+/m, ""],
  [/^ {6}cb\(\)\n(?= {4}\}\)\n {2}\}\n\n {2}_setupData)/m, ""],

  // The channel.
  [/^ {4}if \(!event\.channel\) \{\n[\s\S]*?\n {4}\}\n/m, ""],
  [/^ {4}if \(typeof this\._channel\.bufferedAmountLowThreshold === 'number'\) \{\n.*\n {4}\}\n/m, ""],
  [/^ {4}this\.channelName = this\._channel\.label\n/m, ""],
  [/^ {4}this\._channel\.onbufferedamountlow = \(\) => \{\n.*\n {4}\}\n/m, ""],
  [/: new Error\(`Datachannel error: .*$/m, ": new Error('The channel failed.')"],
  // A channel that is stuck in "closing": simple-peer-link.ts hears of it by an event; Firefox, which
  // has none, does not get stuck, and if it did the engine's ping would end the link.
  [/^ {4}\/\/ HACK: Chrome will sometimes get stuck[\s\S]*?CHANNEL_CLOSING_TIMEOUT\)\n/m, ""],
  ["Buffer.from(data)", "new Uint8Array(data)"],
  ["this.push(data)", "this.emit('data', data)"],

  // Offer and answer, which go out at once.
  [/^ {2}_createOffer \(\) \{\n[\s\S]*?^ {2}\}\n/m, DESCRIBE],
  ["event.candidate && this.trickle", "event.candidate"],
  [/ else if \(!event\.candidate && !this\._iceComplete\) \{\n[\s\S]*?(?=^ {2}\}\n)/m, "\n"],

  // `connect`: an open channel is proof enough of a connection.
  [/^ {4}this\.emit\('iceStateChange', .*\n/m, ""],
  [/^ {4}const iceGatheringState = .*\n/m, ""],
  // Nobody hears of "closed", which follows only our own call.
  [/^ {4}if \(iceConnectionState === 'closed'\) \{\n.*\n {4}\}\n/m, ""],
  [/^ {4}if \(iceConnectionState === 'connected' .*\n.*_pcReady = true\n.*\n {4}\}\n/m, ""],
  [/^ {2}_onChannelOpen \(\) \{\n[\s\S]*?^ {2}\}\n/m, CHANNEL_OPEN],
  [/^Peer\.WEBRTC_SUPPORT = .*\n[\s\S]*?^Peer\.channelConfig = \{\}\n/m, ""],
];

/** May not be left: a cut that missed one would throw in the page. */
const GONE = [
  /require|debug|stream|\bBuffer|errCode|CLOSING|_closingInterval|_connected|_pcReady|_channelReady|createOffer|createAnswer|_wrtc|[tT]rickle|channelNegotiated|_iceComplete|getBrowserRTC|randombytes/,
  new RegExp(`this\\.(${UNUSED_METHODS.join("|").replaceAll("get ", "")})\\b`),
];

/** An esbuild plugin that loads simple-peer as an ES module, cut down. */
export function slimSimplePeer() {
  return {
    name: "slim-simple-peer",
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]node_modules[\\/]simple-peer[\\/]index\.js$/ }, async ({ path }) => ({
        contents: toSlimModule(await readFile(path, "utf8")),
        loader: "js",
        resolveDir: BASE,
      }));
    },
  };
}

/** Exported for its test. */
export function toSlimModule(source) {
  const sha256 = createHash("sha256").update(source).digest("hex");
  if (sha256 !== SOURCE_SHA256)
    throw changed(`its SHA-256 is ${sha256}. Read every cut against it, then note the new hash`);
  let body = source;
  for (const [pattern, replacement] of REPLACEMENTS) body = replaceOnce(body, pattern, replacement);
  for (const name of UNUSED_METHODS)
    body = replaceOnce(body, new RegExp(`^  ${name} \\(.*\\) \\{\\n[\\s\\S]*?^  \\}\\n`, "m"), "");
  body = body
    .replace(/^ *this\._debug\([\s\S]*?\)\n/gm, "")
    // The codes of its errors, which nobody reads.
    .replace(/errCode\((err|new Error\((?:'[^']*'|`[^`]*`)\)), '\w+'\)/g, "$1");
  const code = body.replace(/\/\*[\s\S]*?\*\/|\/\/ .*/g, "");
  for (const name of GONE)
    if (name.test(code)) throw changed(`"${name.exec(code)}" is still in what is left of it`);
  return `import { Emitter } from "./emitter.ts";\n${body}`;
}

function replaceOnce(text, pattern, replacement) {
  const parts = text.split(typeof pattern === "string" ? pattern : new RegExp(pattern, "m"));
  if (parts.length !== 2) throw changed(`${pattern} is in it ${parts.length - 1} times, not once`);
  return parts.join(replacement);
}

function changed(how) {
  return new Error(`simple-peer has changed: ${how} (scripts/slim-simple-peer.mjs).`);
}
