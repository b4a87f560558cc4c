/** Has the browser ask before the page is left, while that would cut somebody off. */
export class UnloadWarning {
  #isOn = false;
  readonly #ask = (event: BeforeUnloadEvent): void => event.preventDefault();

  /** Listens only while it is wanted: a page that listens is not kept for the browser's Back. */
  set(isWanted: boolean): void {
    if (isWanted === this.#isOn) return;
    this.#isOn = isWanted;
    if (isWanted) addEventListener("beforeunload", this.#ask);
    else removeEventListener("beforeunload", this.#ask);
  }
}
