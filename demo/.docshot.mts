import { launchChromium } from "../test/support/chromium.ts";
const base = "http://localhost:8099";
const { browser, close } = await launchChromium({ args: ["--autoplay-policy=no-user-gesture-required", "--mute-audio","--disable-background-timer-throttling","--disable-renderer-backgrounding","--disable-backgrounding-occluded-windows"] });
const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));
const open = async (viewport: object, scheme: string, path: string) => {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.setViewport(viewport as never);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(base + path);
  return page;
};
const D = { width: 1280, height: 800, deviceScaleFactor: 1 };
const P = { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
try {
  for (const path of ["/video.html", "/live.html"]) {
    const name = path.slice(1, -5);
    const a = await open(D, "dark", path); await wait(path === "/live.html" ? 9000 : 6000);
    const b = await open(D, "dark", path); const c = await open(D, "dark", path); await wait(8000);
    const d = await open(D, "dark", path); await wait(name === "live" ? 24000 : 13000);
    await d.bringToFront();
    await d.screenshot({ path: `/tmp/shots/doc-${name}-desktop.jpg`, type: "jpeg", quality: 82 });
    const e = await open(P, "light", path); await wait(name === "live" ? 22000: 14000);
    await e.bringToFront();
    await e.screenshot({ path: `/tmp/shots/doc-${name}-phone.png` });
    await e.tap(".handle"); await wait(800);
    await e.screenshot({ path: `/tmp/shots/doc-${name}-phone-panel.png` });
    for (const page of [a, b, c, d, e]) await page.browserContext().close();
  }
  const g = await open(P, "dark", "/gallery.html"); await wait(6000);
  await g.screenshot({ path: "/tmp/shots/doc-gallery-phone.png" });
} finally { await close(); }
