/** Length of an offer as JSON, `{"type":"offer","sdp":"…"}`, in bytes. */
const OFFER_BYTES = 900;

/** A browser's offer for one data channel, complete with its candidates, as long as a real one. */
export const SDP = sdp();

function sdp(): string {
  const lines = [
    "v=0",
    "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0",
    "a=extmap-allow-mixed",
    "a=msid-semantic: WMS",
    "m=application 52321 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 203.0.113.17",
    "a=candidate:1467250027 1 udp 2122260223 192.168.0.196 46243 typ host generation 0 network-id 1",
    "a=candidate:1853887674 1 udp 1518280447 203.0.113.17 52321 typ srflx raddr 192.168.0.196 rport 46243 generation 0",
    "a=ice-ufrag:+Hcp",
    "a=ice-pwd:7mW1x0zqQ2fVYbT3kLc9dEaR",
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, at) => (at * 7 + 16).toString(16).toUpperCase().slice(-2)).join(":")}`,
    "a=setup:actpass",
    "a=mid:0",
    "a=sctp-port:5000",
    "a=max-message-size:262144",
    "",
  ];
  const text = lines.join("\r\n");
  const missing = OFFER_BYTES - JSON.stringify({ type: "offer", sdp: text }).length;
  return missing <= 0 ? text : `${text}a=x-padding:${"0".repeat(Math.max(0, missing - 16))}\r\n`;
}
