import { STYLES } from "./styles.ts";

const NAME = "rivulet-panel";

/** The element on the page. It works for as long as it is in the document, whoever takes it out. */
export interface PanelHost extends HTMLElement {
  onConnected?: () => () => void;
}

/**
 * An element with a shadow root, which keeps the page's style out and its own in. `onConnected` is called when it comes
 * into the document; what it returns, when it has left.
 */
export function createHost(content: HTMLElement, onConnected: () => () => void): PanelHost {
  // A second copy of this script may have defined it: the first one's element does the same.
  if (!customElements.get(NAME)) customElements.define(NAME, hostClass());
  const host = document.createElement(NAME) as PanelHost;
  host.onConnected = onConnected;
  const root = host.attachShadow({ mode: "open" });
  // A style element would be refused where a content policy has no 'unsafe-inline'.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  root.adoptedStyleSheets = [sheet];
  root.append(content);
  return host;
}

/** One panel a page: another script's goes. */
export function putOnPage(host: PanelHost): void {
  document.querySelector(NAME)?.remove();
  // Not into the body: its transforms and filters would move what is fixed, and scripts replace it.
  document.documentElement.append(host);
}

function hostClass(): CustomElementConstructor {
  return class extends HTMLElement implements PanelHost {
    onConnected?: () => () => void;
    #onGone: (() => void) | undefined;

    connectedCallback(): void {
      this.#onGone = this.onConnected?.();
    }

    disconnectedCallback(): void {
      this.#onGone?.();
    }
  };
}
