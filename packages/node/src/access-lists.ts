/**
 * Lists of nodes and of SDKs that may change while the node runs (spec 04 §1.4, 02 §8.4).
 * @module
 */
import { existsSync } from 'node:fs'
import { isBcosError, type Logger } from '@bcos-ts/common'
import type { NodeIdLists } from '@bcos-ts/network'
import { parseSdkAllowList } from './config/group-config.ts'
import { parseNodeLists } from './config/node-config.ts'
import { readText } from './node-files.ts'

/** Who takes new lists of nodes. */
export interface NodeListHolder {
  setLists(lists: NodeIdLists): void
}

/**
 * Reads allow and deny list of `config.ini` again; sessions with nodes that they no longer allow end at once.
 * Throws `CONFIG_…` when the file cannot be used: then the former lists stay.
 */
export function reloadNodeLists(configFile: string, network: NodeListHolder, logger: Logger): void {
  const lists = parseNodeLists(readText(configFile), configFile)
  network.setLists(lists)
  logger.info('Lists of nodes were read again', {
    file: configFile,
    allowed: lists.allowed.length,
    denied: lists.denied.length,
  })
}

interface SdkList {
  readonly file: string
  readonly keys: ReadonlySet<string>
}

/** Which SDKs may use which group: `[sdk_allowlist]` of all groups. */
export class SdkAllowLists {
  readonly #groups = new Map<number, SdkList>()

  /** The list of a group, and its `group.N.ini`. An empty list is everybody. */
  set(groupId: number, file: string, keys: readonly string[]): void {
    this.#groups.set(groupId, { file, keys: new Set(keys) })
  }

  isAllowed(groupId: number, sdkKey: string): boolean {
    const keys = this.#groups.get(groupId)?.keys
    return keys === undefined || keys.size === 0 || keys.has(sdkKey)
  }

  /** Reads the files of all groups again. A group whose file cannot be used keeps its former list. */
  reload(logger: Logger): void {
    for (const [groupId, { file, keys }] of this.#groups) {
      if (keys.size === 0 && !existsSync(file)) continue
      const log = logger.child(`g:${groupId}`)
      try {
        const next = parseSdkAllowList(readText(file), file)
        this.set(groupId, file, next)
        log.info('List of SDKs was read again', { file, allowed: next.length })
      } catch (error) {
        if (!isBcosError(error)) throw error
        log.error('List of SDKs refused, the former one stays', {
          code: error.code,
          reason: error.message,
        })
      }
    }
  }
}
