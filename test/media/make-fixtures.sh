#!/bin/sh
# How the films of this folder were made: run by an author, with ffmpeg; the results are committed, nobody else needs to.
# Four segments of two seconds: each of the video has over 100 kB, each of the audio over 16 KiB, below which a file is not
# asked of peers. video.mp4 and audio.mp4 have an index (sidx) at their front; the tests cut them into segments. film.mpegts
# is one file too, and film.m3u8 says where its segments are (a name in .ts would be taken for a source).
set -eu
cd "$(dirname "$0")"
picture="testsrc2=size=480x270:rate=25:duration=8,noise=alls=8:allf=t"
sound="sine=frequency=330:beep_factor=3:sample_rate=44100:duration=8"
# The same bytes from every run: no dates, no encoder's name, one thread.
exact="-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -threads 1"
video="-c:v libx264 -preset slow -profile:v main -pix_fmt yuv420p -g 50 -keyint_min 50 -sc_threshold 0
  -b:v 480k -minrate 480k -maxrate 480k -bufsize 240k -x264-params nal-hrd=cbr"
audio="-c:a aac -ac 2 -b:a 96k"
run() { ffmpeg -hide_banner -loglevel warning -y "$@"; }
indexed="+frag_keyframe+empty_moov+default_base_moof+global_sidx"
# shellcheck disable=SC2086 # these are lists of arguments
{
  run -f lavfi -i "$picture" $video $exact -an -movflags "$indexed" video.mp4
  run -f lavfi -i "$sound" $audio $exact -vn -movflags "$indexed" -frag_duration 2000000 audio.mp4
  run -f lavfi -i "$picture" -f lavfi -i "$sound" $video $audio $exact \
    -f hls -hls_time 2 -hls_playlist_type vod -hls_flags single_file -hls_segment_filename film.mpegts film.m3u8
}
ls -l ./*.mp4 ./*.mpegts
