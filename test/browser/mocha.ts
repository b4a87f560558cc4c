/** The part of Mocha, which the test runner puts into the page, that the tests here use. */
interface Mocha {
  describe(name: string, define: () => void): void;
  it(name: string, run: () => Promise<void>): void;
}

declare global {
  interface Window extends Mocha {}
}

export const { describe, it } = window;
