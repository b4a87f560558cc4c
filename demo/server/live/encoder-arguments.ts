import { join } from "node:path";
import { GRACE_SEGMENTS, PLAYLIST, SEGMENT_SECONDS, WINDOW_SEGMENTS } from "./packager.ts";

const FRAMES_PER_SECOND = 24;

export interface EncoderPlan {
  /** Where the playlist and the segments go. */
  readonly folder: string;
  /** The first segment's number. */
  readonly firstNumber: number;
  /** Of ffmpeg. */
  readonly version: string;
  /** A file of a monospaced font; undefined leaves the choice to ffmpeg. */
  readonly fontFile: string | undefined;
}

/**
 * What ffmpeg is told: read a transport stream from its standard input at the pace of its frames, draw the time of day
 * into the picture, and write HLS. It ends by itself when its input does, that is, with this process, however that ends.
 */
export function encoderArguments({ folder, firstNumber, version, fontFile }: EncoderPlan): string[] {
  const font = fontFile === undefined ? "font=Monospace" : `fontfile=${fontFile}`;
  const clock =
    `drawtext=${font}:fontsize=22:fontcolor=white:box=1:boxcolor=black@0.5:boxborderw=7:x=14:y=14:` +
    `text='%{gmtime\\:%H\\\\\\:%M\\\\\\:%S${drawsFractions(version) ? ".%3N" : ""}} UTC'`;
  return [
    ...["-hide_banner", "-loglevel", "error", "-nostats"],
    ...["-re", "-f", "mpegts", "-i", "pipe:0"],
    // The input starts over every few seconds, and its time stamps with it: count frames and samples instead.
    ...["-vf", `setpts=N/(${FRAMES_PER_SECOND}*TB),${clock}`, "-af", "asetpts=N/SR/TB"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-threads", "1"],
    ...["-b:v", "450k", "-maxrate", "600k", "-bufsize", "900k"],
    ...["-g", String(FRAMES_PER_SECOND * SEGMENT_SECONDS), "-sc_threshold", "0"],
    ...["-c:a", "aac", "-b:a", "32k", "-ac", "1"],
    ...["-f", "hls", "-hls_time", String(SEGMENT_SECONDS), "-hls_list_size", String(WINDOW_SEGMENTS)],
    ...["-hls_delete_threshold", String(GRACE_SEGMENTS), "-start_number", String(firstNumber)],
    ...["-hls_flags", "delete_segments+program_date_time+independent_segments+temp_file"],
    ...["-hls_segment_filename", join(folder, "segment-%d.ts"), join(folder, PLAYLIST)],
  ];
}

/** Since 5.1 `gmtime` knows fractions of a second; before, it would draw the letters. */
function drawsFractions(version: string): boolean {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return true;
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 1);
}
