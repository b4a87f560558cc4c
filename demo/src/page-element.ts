/** The element that the page's markup promises. */
export function pageElement<Type extends Element>(selector: string): Type {
  const found = document.querySelector<Type>(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}
