/*
 * `rivulet-engine.js`: the engine, which `rivulet.js` loads in the tab that leads. It meets that script in the members of
 * `Rivulet` alone, whose names the build keeps.
 */
export { browserEnvironment } from "../client/environment.ts";
export { Rivulet } from "../client/rivulet.ts";
