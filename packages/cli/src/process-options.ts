/**
 * How much memory a node's process takes before it looks for what is no longer needed, and who looks. All of it was
 * found by loading one node and four on two cores (docs/explanation/performance.md tells what each costs and saves).
 * @module
 */

/**
 * An option of V8, to be set while it runs: the heap may grow to twice what is alive in it before it is looked through.
 * Left to itself it goes up to four times.
 */
export const HEAP_GROWTH = '--heap-growing-percent=100'

/**
 * An option of V8, to be set while it runs: what has just been made is looked through by the thread that made it. There is so
 * little of it that waking others for it costs more than they save: a twentieth of a node's processor time.
 */
export const YOUNG_ALONE = '--no-parallel-scavenge'

/**
 * An option of Node, to be there when it starts: MiB of each half of the room for what has just been made. The 16 MiB of
 * the engine's own choice, three times over, are more than processors keep at hand, and all of it counts as a node's memory.
 */
export const YOUNG_ROOM = '--max-semi-space-size=4'

/**
 * Variables of the allocator of glibc, which others ignore, to be there when a node starts. By itself it gives each thread
 * a heap of its own, and what one thread has freed no other gets; and once large pieces have been freed, it takes as large
 * ones from the heap, where what lives longer lies between them for good.
 */
export const ALLOCATOR: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '524288',
  MALLOC_TRIM_THRESHOLD_: '1048576',
}

/** The environment of a node's process. What somebody set there already is stronger. */
export function nodeEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...ALLOCATOR, ...own, NODE_OPTIONS: `${YOUNG_ROOM} ${own['NODE_OPTIONS'] ?? ''}`.trim() }
}
