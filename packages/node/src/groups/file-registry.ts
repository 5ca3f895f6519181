import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { messageOf } from '@bcos-ts/common'
import type { NewGroup } from '@bcos-ts/protocol/ports'
import { parseGenesisFile } from '../config/genesis-file.ts'
import { parseGroupConfig } from '../config/group-config.ts'
import { replaceFile } from '../durable-file.ts'
import { ConfigUnreadableError, InvalidGroupFileError } from '../errors.ts'
import { type NodeFiles, readText } from '../node-files.ts'
import type { GroupStatus } from './group-life.ts'
import type { GroupRegistry } from './group-registry.ts'
import type { GroupSettings } from './group-settings.ts'
import { genesisText, settingsText } from './group-template.ts'

const STATUS_FILE = '.group_status'
const GENESIS_FILE = /^group\.([1-9]\d{0,4})\.genesis$/

/** The groups of a node's folder. */
export function groupRegistryOf({ folder, config }: NodeFiles): FileGroupRegistry {
  return new FileGroupRegistry({
    config: resolve(folder, config.group.configPath),
    data: resolve(folder, config.group.dataPath),
  })
}

/** The group files of 2.x: `conf/group.N.genesis`, `conf/group.N.ini` and `data/groupN/.group_status`. */
export class FileGroupRegistry implements GroupRegistry {
  readonly #configFolder: string
  readonly #dataFolder: string

  constructor(folders: { readonly config: string; readonly data: string }) {
    this.#configFolder = folders.config
    this.#dataFolder = folders.data
  }

  ids(): readonly number[] {
    return listFolder(this.#configFolder)
      .map((name) => Number(GENESIS_FILE.exec(name)?.[1]))
      .filter((id) => !Number.isNaN(id))
      .toSorted((a, b) => a - b)
  }

  has(groupId: number): { readonly genesis: boolean; readonly settings: boolean } {
    const { genesis, settings } = this.#paths(groupId)
    return { genesis: existsSync(genesis), settings: existsSync(settings) }
  }

  status(groupId: number): string | undefined {
    const { status } = this.#paths(groupId)
    return existsSync(status) ? readText(status).trim() : undefined
  }

  async setStatus(groupId: number, status: GroupStatus): Promise<void> {
    const paths = this.#paths(groupId)
    mkdirSync(paths.data, { recursive: true })
    replaceFile(paths.status, status)
  }

  async create(group: NewGroup): Promise<void> {
    const { genesis, settings } = this.#paths(group.groupId)
    mkdirSync(this.#configFolder, { recursive: true })
    replaceFile(settings, settingsText())
    replaceFile(genesis, genesisText({ ...group, consensus: 'pbft' }))
  }

  read(groupId: number): GroupSettings {
    const paths = this.#paths(groupId)
    const file = parseGenesisFile(readText(paths.genesis), paths.genesis)
    if (file.genesis.groupId !== groupId) {
      throw new InvalidGroupFileError(paths.genesis, groupId, file.genesis.groupId)
    }
    const text = existsSync(paths.settings) ? readText(paths.settings) : ''
    return {
      genesis: file.genesis,
      config: parseGroupConfig(text, paths.settings),
      events: { blockRangeMax: file.eventBlockRangeMax, blocksPerPass: file.eventBlocksPerPass },
      settingsFile: paths.settings,
      dataFolder: paths.data,
    }
  }

  #paths(groupId: number) {
    const data = join(this.#dataFolder, `group${groupId}`)
    return {
      genesis: join(this.#configFolder, `group.${groupId}.genesis`),
      settings: join(this.#configFolder, `group.${groupId}.ini`),
      data,
      status: join(data, STATUS_FILE),
    }
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw new ConfigUnreadableError(folder, messageOf(error), error)
  }
}
