import { filmFiles } from "./player-page-media.ts";

/** Playing time of one segment, s. */
export const SEGMENT_SECONDS = 2;

/** The film's MPEG-TS segments as they are on disk; a longer film begins again after the last. */
const parts = Object.entries(filmFiles())
  .filter(([name]) => /^film-\d+\.ts$/.test(name))
  .map(([, bytes]) => bytes);

const PACKET_BYTES = 188;
/** ISO/IEC 13818-1, 2.4.3.3: a packet with the PID 0x1fff carries nothing; players pass over it. */
const NULL_PACKET = [0x47, 0x1f, 0xff, 0x10];

/**
 * Segment `number` of a film that goes on and on, with as much stuffing as it takes to have `leastBytes`. No two numbers
 * give the same bytes, so that none of them is known by another's hash.
 */
export function tsSegment(number: number, leastBytes = 0): Uint8Array {
  const part = parts[number % parts.length] ?? new Uint8Array();
  const packets = Math.max(1, Math.ceil((leastBytes - part.length) / PACKET_BYTES));
  const segment = new Uint8Array(part.length + packets * PACKET_BYTES).fill(0xff);
  segment.set(part);
  const view = new DataView(segment.buffer);
  for (let at = part.length; at < segment.length; at += PACKET_BYTES) {
    segment.set(NULL_PACKET, at);
    view.setUint32(at + NULL_PACKET.length, number);
    view.setUint32(at + NULL_PACKET.length + 4, at);
  }
  return segment;
}

/** The playlist of segments `first` and following of such a film, by their URLs. */
export function tsPlaylist(
  urls: readonly string[],
  { first = 0, ended = true }: { readonly first?: number; readonly ended?: boolean } = {},
): string {
  const beginsAgain = (number: number) => number > 0 && number % parts.length === 0;
  const entries = urls.map((url, i) => {
    const mark = beginsAgain(first + i) ? "#EXT-X-DISCONTINUITY\n" : "";
    return `${mark}#EXTINF:${SEGMENT_SECONDS},\n${url}`;
  });
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:4",
    `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`,
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${Math.max(0, Math.floor((first - 1) / parts.length))}`,
    ...(ended ? ["#EXT-X-PLAYLIST-TYPE:VOD"] : []),
    ...entries,
    ended ? "#EXT-X-ENDLIST\n" : "",
  ].join("\n");
}

/** A master playlist of renditions, by the URLs of their playlists, with what each weighs, bits per second. */
export function tsMaster(renditions: Readonly<Record<string, number>>): string {
  const entries = Object.entries(renditions).map(
    ([url, bitsPerSecond]) =>
      `#EXT-X-STREAM-INF:BANDWIDTH=${bitsPerSecond},CODECS="avc1.4D4015,mp4a.40.2",RESOLUTION=480x270\n${url}`,
  );
  return ["#EXTM3U", "#EXT-X-VERSION:4", ...entries, ""].join("\n");
}
