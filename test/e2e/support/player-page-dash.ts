// The page of dash.js, from its script tag. It runs in the page.
import type * as dashjs from "dashjs";
import { rivuletDash } from "#sdk/integrations/dash.ts";
import { loaded, servePlayer } from "./player-page-film.ts";

declare const window: Window & { readonly dashjs: typeof dashjs };

servePlayer(async (playlist, rivulet, { video, errors, loads }) => {
  const player = window.dashjs.MediaPlayer().create();
  const detach = rivulet && rivuletDash(player, rivulet);
  player.updateSettings({ debug: { logLevel: 0 } });
  player.on("error", (event: { error?: unknown }) => errors.push(JSON.stringify(event.error)));
  player.addResponseInterceptor(async (response) => {
    const { request, url, data } = response;
    // Manifests come as text, and what failed is asked for again.
    if (data instanceof ArrayBuffer && response.status !== 404)
      loads.push(await loaded(url ?? "", request.headers?.Range, data));
    return response;
  });
  player.initialize(video, playlist, false);
  return async () => {
    detach?.();
    player.destroy();
  };
});
