/**
 * How much memory the JavaScript engine may take before it looks for what is no longer needed. Both figures were found by
 * loading four nodes on two cores (docs/explanation/performance.md); processor time is the same with them or less.
 * @module
 */

/**
 * An option of V8, to be set while it runs: the heap may grow to twice what is alive in it before it is looked through.
 * Left to itself it goes up to four times.
 */
export const HEAP_GROWTH = '--heap-growing-percent=100'

/**
 * An option of Node, to be there when it starts: MiB of each half of the room for what has just been made. The 16 MiB of
 * the engine's own choice, three times over, are more than processors keep at hand, and all of it counts as a node's memory.
 */
export const YOUNG_ROOM = '--max-semi-space-size=4'

/** The value of `NODE_OPTIONS` for a node's process. What somebody set there already is stronger. */
export function nodeOptions(own = ''): string {
  return `${YOUNG_ROOM} ${own}`.trim()
}
