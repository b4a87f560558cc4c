import { readFileSync } from "node:fs";

const read = (name: string) => new Uint8Array(readFileSync(new URL(`../../media/${name}`, import.meta.url)));

/** Bytes [start, end) of a file. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** A fragmented MP4 with an index at its front, and where its parts are. */
class IndexedTrack {
  readonly bytes: Uint8Array;
  readonly head: Part;
  readonly index: Part;
  readonly segments: readonly Part[];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const view = new DataView(bytes.buffer);
    const ends: Record<string, number[]> = {};
    for (let start = 0; start < bytes.length; ) {
      const end = start + view.getUint32(start);
      const box = new TextDecoder().decode(bytes.subarray(start + 4, start + 8));
      ends[box] = [...(ends[box] ?? []), end];
      start = end;
    }
    const { moov: [headEnd = 0] = [], sidx: [indexEnd = 0] = [], mdat = [] } = ends;
    this.head = { start: 0, end: headEnd };
    this.index = { start: headEnd, end: indexEnd };
    // A segment is a moof and the mdat behind it.
    this.segments = mdat.map((end, i) => ({ start: mdat[i - 1] ?? indexEnd, end }));
  }

  cut({ start, end }: Part): Uint8Array {
    return this.bytes.slice(start, end);
  }
}

const video = new IndexedTrack(read("video.mp4"));
const audio = new IndexedTrack(read("audio.mp4"));
const stream = read("film.mpegts");
const streamPlaylist = new TextDecoder().decode(read("film.m3u8"));
const SEGMENT_SECONDS = 2;

/** The files that a manifest of Rivulet's lists, by name. */
export function filmFiles(): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {
    "video.mp4": video.bytes,
    "audio.mp4": audio.bytes,
    "film.ts": stream,
  };
  for (const [name, track] of Object.entries({ video, audio })) {
    files[`${name}-head.mp4`] = track.cut(track.head);
    track.segments.forEach((part, i) => {
      files[`${name}-${i + 1}.m4s`] = track.cut(part);
    });
  }
  streamParts().forEach(({ start, end }, i) => {
    files[`film-${i + 1}.ts`] = stream.slice(start, end);
  });
  return files;
}

/** One film in the forms that players know, by the name of the playlist or manifest. */
export function filmPlaylists(): Record<string, string> {
  return {
    "segments.mpd": mpd((name) => {
      const template = `initialization="${name}-head.mp4" media="${name}-$Number$.m4s" startNumber="1"`;
      return `<SegmentTemplate ${template} duration="${SEGMENT_SECONDS}" timescale="1"/>`;
    }),
    "ranges.mpd": mpd((name, { head, index }) => {
      const base = `<BaseURL>${name}.mp4</BaseURL><SegmentBase indexRange="${inclusive(index)}">`;
      return `${base}<Initialization range="${inclusive(head)}"/></SegmentBase>`;
    }),
    "segments.m3u8": master("segments"),
    "segments-video.m3u8": playlist('"video-head.mp4"', names("video", video)),
    "segments-audio.m3u8": playlist('"audio-head.mp4"', names("audio", audio)),
    "ranges.m3u8": master("ranges"),
    "ranges-video.m3u8": playlist(`"video.mp4",${quotedRange(video.head)}`, ranges("video.mp4", video)),
    "ranges-audio.m3u8": playlist(`"audio.mp4",${quotedRange(audio.head)}`, ranges("audio.mp4", audio)),
    "stream.m3u8": playlist(
      undefined,
      streamParts().map((_, i) => `film-${i + 1}.ts`),
    ),
    "stream-ranges.m3u8": streamPlaylist.replaceAll("film.mpegts", "film.ts"),
  };
}

function streamParts(): Part[] {
  return [...streamPlaylist.matchAll(/BYTERANGE:(\d+)@(\d+)/g)].map(([, length, start]) => ({
    start: Number(start),
    end: Number(start) + Number(length),
  }));
}

function mpd(segments: (name: string, track: IndexedTrack) => string): string {
  const set = (type: string, representation: string, inner: string) =>
    `<AdaptationSet contentType="${type}" mimeType="${type}/mp4" segmentAlignment="true" startWithSAP="1">
      <Representation id="${type}" ${representation}>${inner}</Representation></AdaptationSet>`;
  return `<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" profiles="urn:mpeg:dash:profile:isoff-live:2011"
  minBufferTime="PT2S" mediaPresentationDuration="PT8S"><Period id="0" start="PT0S">
  ${set("video", 'codecs="avc1.4D4015" bandwidth="490000" width="480" height="270"', segments("video", video))}
  ${set("audio", 'codecs="mp4a.40.2" bandwidth="97000" audioSamplingRate="44100"', segments("audio", audio))}
</Period></MPD>`;
}

function master(form: string): string {
  return `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,URI="${form}-audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=600000,CODECS="avc1.4D4015,mp4a.40.2",RESOLUTION=480x270,AUDIO="a",CLOSED-CAPTIONS=NONE
${form}-video.m3u8
`;
}

function playlist(head: string | undefined, entries: readonly string[]): string {
  const map = head === undefined ? [] : [`#EXT-X-MAP:URI=${head}`];
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`,
    "#EXT-X-PLAYLIST-TYPE:VOD",
    ...map,
    ...entries.map((entry) => `#EXTINF:${SEGMENT_SECONDS},\n${entry}`),
    "#EXT-X-ENDLIST\n",
  ].join("\n");
}

const names = (name: string, track: IndexedTrack) => track.segments.map((_, i) => `${name}-${i + 1}.m4s`);
const ranges = (file: string, track: IndexedTrack) =>
  track.segments.map(({ start, end }) => `#EXT-X-BYTERANGE:${end - start}@${start}\n${file}`);
const quotedRange = ({ start, end }: Part) => `BYTERANGE="${end - start}@${start}"`;
const inclusive = ({ start, end }: Part) => `${start}-${end - 1}`;
