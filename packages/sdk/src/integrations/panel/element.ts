/** An HTML element; attributes and text are set as such, so that nothing from a peer or a path is read as markup. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name] as string);
  element.append(...children);
  return element;
}

/** A spot of a colour of the style sheet. */
export function swatch(colour: string): HTMLElement {
  const element = html("i");
  // Through the object model: a strict content policy forbids style attributes in markup.
  element.style.background = `var(--${colour})`;
  return element;
}

/** Writes only what differs, so that nothing is laid out for nothing. What is `undefined` or zero steps back. */
export function setText(element: Element, text: string, value: unknown = 1): void {
  if (element.textContent !== text) element.textContent = text;
  element.classList.toggle("zero", !value);
}

/** A part with a heading; `beside` stands at the heading's end. */
export function section(title: string, beside: Node, ...content: readonly Node[]): HTMLElement {
  return html("section", {}, html("header", {}, html("h3", {}, title), beside), ...content);
}
