#!/bin/sh
# How demo/public/media/channel was made, the loop that the live channel shows: run by an author, with ffmpeg; its result
# is committed, nobody else needs to.
set -eu
cd "$(dirname "$0")/../.."
out=demo/public/media/channel
# A low fifth that breathes twice in the loop and is silent where that begins anew.
chord="(0.30*sin(2*PI*98*t)+0.24*sin(2*PI*147*t)+0.12*sin(2*PI*196*t)+0.08*sin(2*PI*294*t))"
breath="(0.5-0.5*cos(2*PI*t/10))*0.4"
rm -rf "$out"
mkdir -p "$out"
node --import tsx demo/media/channel-frames.ts | ffmpeg -hide_banner -loglevel warning -y \
  -f rawvideo -pixel_format rgb24 -video_size 480x270 -framerate 24 -i - \
  -f lavfi -i "aevalsrc=$chord*$breath:s=44100:d=20" \
  -vf format=yuv420p -c:v libx264 -preset veryslow -profile:v main -b:v 290k -maxrate 380k -bufsize 580k \
  -g 48 -keyint_min 48 -sc_threshold 0 -c:a aac -b:a 32k -ac 1 -shortest \
  -f hls -hls_time 2 -hls_playlist_type vod -hls_segment_filename "$out/loop-%02d.ts" "$out/index.m3u8"
ls -l "$out"
