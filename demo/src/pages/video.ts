import Hls from "hls.js";
import { markDemo, markProgress } from "../demo-state.ts";
import { pageElement } from "../page-element.ts";
import { setText } from "../panel/element.ts";
import { bufferedAhead, totalSeconds } from "../player/buffer-ahead.ts";
import { formatSeconds } from "../player/clock-time.ts";
import { failPage, openPlayer, type Player } from "../player/player.ts";
import { RenditionMenu } from "../player/rendition-menu.ts";
import { AUTO, renditionWithRate } from "../player/renditions.ts";

/** Long enough to hold the whole clip, so that a paused viewer is a useful peer, too. */
const BUFFER_SECONDS = 60;

function play({ hls, video, panel, playlistUrl, onShow }: Player): void {
  let playing: number | undefined;
  let chosen = AUTO;
  const menu = new RenditionMenu(pageElement("#renditions"), (level) => {
    chosen = level;
    // From the next segment on, also where others are buffered already.
    hls.nextLevel = level;
    showLevels();
  });
  const playingText = pageElement("#playing");
  const aheadText = pageElement("#ahead");
  const showLevels = (): void => {
    menu.show({ levels: hls.levels, chosen, playing });
    if (playing !== undefined) setText(playingText, renditionWithRate(hls.levels, playing));
  };
  hls.on(Hls.Events.MANIFEST_PARSED, showLevels);
  hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => {
    playing = level;
    showLevels();
  });
  onShow(() => {
    setText(aheadText, formatSeconds(bufferedAhead(video)));
    if (video.duration > 0) markProgress(totalSeconds(video.buffered) / video.duration);
  });
  hls.on(Hls.Events.BUFFERED_TO_END, () => markDemo("complete"));
  hls.on(Hls.Events.ERROR, (_, { fatal, details, error }) => {
    if (fatal) failPage(panel, `Playback stopped: ${error.message} (${details})`);
    else panel.log(`Player: ${details}`);
  });
  hls.loadSource(playlistUrl);
  hls.attachMedia(video);
}

const player = openPlayer({ maxBufferLength: BUFFER_SECONDS });
if (player) play(player);
