import Hls from "hls.js";
import { markDemo, markProgress } from "../demo-state.ts";
import { pageElement } from "../page-element.ts";
import { setText } from "../panel/element.ts";
import { bufferedAhead, totalSeconds } from "../player/buffer-ahead.ts";
import { clockTime, formatSeconds } from "../player/clock-time.ts";
import { isAtEdge } from "../player/live-edge.ts";
import { openPlayer, type Player } from "../player/player.ts";

/** A live channel has no end; after this much of it the demo has shown what it can. */
const COMPLETE_AFTER_SECONDS = 20;
const TRY_AGAIN_MS = 1_000;
const CLOCK_EVERY_MS = 50;

function play({ hls, video, panel, playlistUrl, onShow }: Player): void {
  const now = pageElement("#now");
  const picture = pageElement("#picture");
  const latency = pageElement("#latency");
  const target = pageElement("#target");
  const ahead = pageElement("#ahead");
  const edge = pageElement<HTMLButtonElement>("#edge");
  const status = pageElement("#status");

  setInterval(() => {
    setText(now, clockTime(new Date()));
    setText(picture, hls.playingDate ? clockTime(hls.playingDate) : "–");
  }, CLOCK_EVERY_MS);
  onShow(() => {
    const { latency: latencySeconds, targetLatency: targetSeconds } = hls;
    const isLive = isAtEdge({ latencySeconds, targetSeconds, isPaused: video.paused });
    edge.classList.toggle("at-edge", isLive);
    setText(edge, isLive ? "Live" : "Go live");
    setText(latency, targetSeconds === null ? "–" : formatSeconds(latencySeconds));
    setText(target, targetSeconds === null ? "" : `aims at ${formatSeconds(targetSeconds)}`);
    setText(ahead, formatSeconds(bufferedAhead(video)));
    const playedSeconds = totalSeconds(video.played);
    markProgress(playedSeconds / COMPLETE_AFTER_SECONDS);
    if (playedSeconds >= COMPLETE_AFTER_SECONDS) markDemo("complete");
  });
  edge.addEventListener("click", () => {
    if (hls.liveSyncPosition !== null) video.currentTime = hls.liveSyncPosition;
    // Refused only where the browser wants a gesture, and this was one.
    video.play().catch(() => {});
  });

  hls.on(Hls.Events.FRAG_BUFFERED, () => setText(status, ""));
  hls.on(Hls.Events.ERROR, (_, { fatal, type, details, error }) => {
    if (!fatal) return panel.log(`Player: ${details}`);
    if (type === Hls.ErrorTypes.MEDIA_ERROR) return hls.recoverMediaError();
    // Not on air yet, or the server is gone: a live channel is worth waiting for.
    setText(status, `Waiting for the channel: ${error.message}`);
    setTimeout(() => hls.loadSource(playlistUrl), TRY_AGAIN_MS);
  });
  hls.loadSource(playlistUrl);
  hls.attachMedia(video);
}

const player = openPlayer({});
if (player) play(player);
