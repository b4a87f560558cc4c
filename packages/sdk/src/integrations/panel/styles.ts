/**
 * Colour says where bytes come from, as in the demo: amber the origin, teal and its neighbours peers, grey what this
 * browser stored. What the host needs is `!important`: inside a shadow root that wins over all that the page may say.
 */
export const STYLES = `
:host {
  all: initial !important;
  position: fixed !important;
  z-index: 2147483647 !important;
  inset: auto 12px 12px auto !important;
  width: min(29em, 100% - 24px) !important;
}
aside {
  --paper: #fff; --line: #d9e0dd; --ink: #13201e; --muted: #566663; --accent: #0a7868;
  --origin: #de8a2d; --store: #93a1b0; --bad: #d9513c; --notice: #fcecea;
  --peer-0: #12a38c; --peer-1: #3b82d0; --peer-2: #8a6bd8; --peer-3: #5aa63c; --peer-4: #c2619f; --peer-5: #2fa4c7;
  --peer: linear-gradient(90deg, var(--peer-0) 40%, var(--peer-1) 40% 72%, var(--peer-2) 72%);
  color-scheme: light dark;
  max-height: calc(100vh - 26px);
  overflow: auto;
  overscroll-behavior: contain;
  scrollbar-width: thin;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--paper);
  color: var(--ink);
  box-shadow: 0 8px 32px rgb(0 0 0 / 25%);
  font: .8125em/1.45 ui-sans-serif, system-ui, sans-serif;
  font-variant-numeric: tabular-nums;
}
@media (prefers-color-scheme: dark) {
  aside {
    --paper: #141d1c; --line: #2b3935; --ink: #e7efec; --muted: #9fb2ad; --accent: #3fcdb4;
    --origin: #eb9d45; --store: #75869a; --bad: #f0705c; --notice: #2d1816;
    --peer-0: #2fc6ac; --peer-1: #5b9fe8; --peer-2: #a68cf0; --peer-3: #7cc55c; --peer-4: #dd83bd; --peer-5: #56c2e2;
  }
}
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 7px; }
aside:focus-visible { border-radius: 12px; }
h2, h3, p, dl, dd, ol, ul { margin: 0; padding: 0; list-style: none; font-size: 1em; }
th { font-weight: 400; }
h3, p, dt, time, thead, header > *, .zero { color: var(--muted); }
h2, strong { color: var(--ink); }
code { font: .92em ui-monospace, monospace; }
header { display: flex; align-items: center; gap: 8px; margin-bottom: 6px; }
aside > header { position: sticky; top: 0; z-index: 1; margin: 0; padding: 5px 5px 5px 12px; background: var(--paper); }
header > :last-child { margin-left: auto; }
section { padding: 11px 12px; border-top: 1px solid var(--line); }
button { min-width: 32px; min-height: 28px; border: 1px solid var(--line); border-radius: 7px; background: none; font: inherit; cursor: pointer; }
button:hover { color: var(--ink); }
aside > header > button { border: 0; font-size: 1.4em; }
p { display: flex; align-items: center; gap: 10px; }
strong { font-size: 2.4em; letter-spacing: -.04em; white-space: nowrap; }
.bar { display: flex; gap: 1px; height: 3px; margin: 1px 0 3px; border-radius: 9px; overflow: hidden; background: var(--line); }
p + .bar { height: 10px; margin: 4px 0 10px; }
.bar i { transition: width .3s; }
i { forced-color-adjust: none; }
dt i, th > i, .lamp::before, li::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 2px; background: var(--store); }
.lamp::before, li::before { border-radius: 9px; }
.running::before, .up::before, .peer-connected::before { background: var(--peer-0); }
.starting::before, .connecting::before, .origin-only::before { background: var(--origin); }
.down::before, .peer-banned::before, .problem::before { background: var(--bad); }
.pieces::before { background: var(--line); }
dl { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px 12px; }
ul li { margin-top: 8px; padding: 6px 9px 6px 23px; border-radius: 7px; background: var(--notice); }
dl dd { display: inline; }
li { padding-left: 14px; text-indent: -14px; overflow-wrap: anywhere; }
ul li::before { background: var(--bad); }
table { width: 100%; border-spacing: 0; table-layout: fixed; }
th, td { padding: 2px 0 2px 6px; text-align: right; vertical-align: top; white-space: nowrap; }
th:first-child { padding: 2px 0; text-align: left; }
th + th { width: 18%; }
th:nth-child(2), th:nth-child(3) { width: 20.5%; }
th div { display: flex; }
th span { overflow: hidden; text-overflow: ellipsis; }
textarea { box-sizing: border-box; width: 100%; height: 8em; }
@media (max-width: 480px) {
  :host { inset: auto 0 0 !important; width: auto !important; }
  aside { max-height: 75vh; border-radius: 12px 12px 0 0; font-size: .75em; }
}
@media (prefers-reduced-motion: reduce) { .bar i { transition: none; } }
@media print { :host { display: none !important; } }
`;
