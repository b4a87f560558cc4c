import type { BrowserContext, Page } from "puppeteer-core";

/** A page that is ready for functions of the tests, and what its console says. `prepare` may change it before it loads. */
export async function watchedPage(
  context: BrowserContext,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<{ readonly page: Page; readonly said: readonly string[] }> {
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  // Functions that run in the page were compiled by tsx, which names them through this helper.
  await page.evaluateOnNewDocument("globalThis.__name = (named) => named");
  await prepare?.(page);
  return { page, said };
}
