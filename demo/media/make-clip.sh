#!/bin/sh
# How demo/public/media/clip was made: run once by an author, with ffmpeg; its result is committed, nobody else needs to.
set -eu
cd "$(dirname "$0")/../.."
out=demo/public/media/clip
font=/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf
# A slow chord (A, E, A, C sharp) that breathes every eight seconds.
chord="(0.30*sin(2*PI*110*t)+0.22*sin(2*PI*164.81*t)+0.16*sin(2*PI*220*t)+0.10*sin(2*PI*277.18*t))"
breath="(0.55-0.45*cos(2*PI*t/8))*0.35"
rm -rf "$out"
mkdir -p "$out"
node --import tsx demo/media/clip-frames.ts | ffmpeg -hide_banner -loglevel warning -y \
  -f rawvideo -pixel_format rgb24 -video_size 640x360 -framerate 24 -i - \
  -f lavfi -i "aevalsrc=$chord*$breath:s=44100:d=28" \
  -vf "drawtext=fontfile=$font:fontsize=15:fontcolor=white@0.85:box=1:boxcolor=black@0.28:boxborderw=6:x=14:y=h-th-16:text='%{pts\:hms}',format=yuv420p" \
  -c:v libx264 -preset slow -profile:v main -level 3.0 -b:v 620k -maxrate 800k -bufsize 1200k \
  -g 96 -keyint_min 96 -sc_threshold 0 -c:a aac -b:a 64k -ac 1 -shortest \
  -f hls -hls_time 4 -hls_playlist_type vod -hls_segment_type fmp4 -hls_fmp4_init_filename init.mp4 \
  -hls_segment_filename "$out/segment-%02d.m4s" "$out/index.m3u8"
ls -l "$out"
