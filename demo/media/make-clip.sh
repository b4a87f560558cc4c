#!/bin/sh
# How demo/public/media/clip was made: run by an author, with ffmpeg; its result is committed, nobody else needs to.
set -eu
cd "$(dirname "$0")/../.."
out=demo/public/media/clip
font=/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf
# A slow chord (A, E, A, C sharp) that breathes every nine seconds.
chord="(0.30*sin(2*PI*110*t)+0.22*sin(2*PI*164.81*t)+0.16*sin(2*PI*220*t)+0.10*sin(2*PI*277.18*t))"
breath="(0.55-0.45*cos(2*PI*t/9))*0.35"
# The time and the rendition, in the corner: one sees when the latter changes.
label() {
  echo "drawtext=fontfile=$font:fontsize=h/24:fontcolor=white@0.85:box=1:boxcolor=black@0.28:boxborderw=6:x=h/26:y=h/22:text='%{pts\:hms}  $1'"
}
rm -rf "$out"
for rendition in 240p 360p 540p; do mkdir -p "$out/$rendition"; done
node --import tsx demo/media/clip-frames.ts | ffmpeg -hide_banner -loglevel warning -y \
  -f rawvideo -pixel_format rgb24 -video_size 960x540 -framerate 24 -i - \
  -f lavfi -i "aevalsrc=$chord*$breath:s=44100:d=36" \
  -filter_complex "[0:v]format=yuv420p,split=3[a][b][c];
    [a]scale=426:240:flags=lanczos,setsar=1,$(label 240p)[low];
    [b]scale=640:360:flags=lanczos,$(label 360p)[middle];
    [c]$(label 540p)[high];
    [1:a]asplit=3[la][ma][ha]" \
  -map "[low]" -map "[la]" -map "[middle]" -map "[ma]" -map "[high]" -map "[ha]" \
  -c:v libx264 -preset veryslow -profile:v main -g 96 -keyint_min 96 -sc_threshold 0 \
  -b:v:0 115k -maxrate:v:0 150k -bufsize:v:0 230k \
  -b:v:1 270k -maxrate:v:1 350k -bufsize:v:1 540k \
  -b:v:2 580k -maxrate:v:2 750k -bufsize:v:2 1160k \
  -c:a aac -ac 1 -b:a:0 24k -b:a:1 32k -b:a:2 48k -shortest \
  -f hls -hls_time 4 -hls_playlist_type vod -hls_segment_type fmp4 -hls_fmp4_init_filename init.mp4 \
  -hls_segment_filename "$out/%v/segment-%02d.m4s" -master_pl_name index.m3u8 \
  -var_stream_map "v:0,a:0,name:240p v:1,a:1,name:360p v:2,a:2,name:540p" "$out/%v/index.m3u8"
# ffmpeg numbers them, though each has a folder of its own.
for init in "$out"/*/init_?.mp4; do mv "$init" "$(dirname "$init")/init.mp4"; done
sed -i 's/init_.\.mp4/init.mp4/' "$out"/*/index.m3u8
find "$out" -type f -exec ls -l {} +
