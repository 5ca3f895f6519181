import { Memory } from './memory.ts'
import type { Word } from './words.ts'

const STACK_MAX = 1024
/** As many frames of a depth that contracts reach; what lies deeper makes its own. */
const KEPT_MAX = 64

/** What a frame works with and leaves behind: making a stack and a memory costs more than a short call. */
export interface Workspace {
  readonly stack: Word[]
  readonly memory: Memory
}

/** Workspaces of frames that have ended, for the next ones. */
export class Workspaces {
  readonly #free: Workspace[] = []

  take(): Workspace {
    return this.#free.pop() ?? { stack: emptyStack(), memory: new Memory() }
  }

  giveBack(workspace: Workspace): void {
    if (this.#free.length < KEPT_MAX && workspace.memory.reset()) this.#free.push(workspace)
  }
}

/** At its full length from the start, so that values can be stored in any order. */
function emptyStack(): Word[] {
  return Array.from({ length: STACK_MAX }, (): Word => 0)
}
