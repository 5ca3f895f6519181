import {
  assert,
  Emitter,
  InvariantViolation,
  type Logger,
  messageOf,
  type Startable,
} from '@bcos-ts/common'
import type { Group } from '@bcos-ts/ledger'
import { GroupCode, type NodeId } from '@bcos-ts/protocol'
import type {
  GroupChange,
  GroupManagement,
  ManagementResult,
  NewGroup,
} from '@bcos-ts/protocol/ports'
import {
  type GroupOperation,
  type GroupState,
  isGroupStatus,
  refusalOf,
  restingState,
  startsWithNode,
  successOf,
} from './group-life.ts'
import type { GroupRegistry } from './group-registry.ts'
import type { GroupSettings } from './group-settings.ts'

export interface GroupManagerInit {
  readonly registry: GroupRegistry
  readonly self: NodeId
  readonly isConnected: (nodeId: NodeId) => boolean
  /** Opens a group, not yet started. Throws a typed error when its disk or its genesis forbids it. */
  readonly open: (settings: GroupSettings) => Promise<Group>
  readonly logger: Logger
}

interface RunningGroup {
  readonly group: Group
  readonly settings: GroupSettings
}

/**
 * The groups of a node: runs those that are to run, and makes, starts, stops, removes and recovers others while the
 * node goes on. Operations on one group take turns; other groups do not notice them.
 */
export class GroupManager implements GroupManagement, Startable {
  readonly #init: GroupManagerInit
  readonly #log: Logger
  readonly #running = new Map<number, RunningGroup>()
  readonly #stopping = new Set<number>()
  readonly #turns = new Map<number, Promise<unknown>>()
  readonly #changes = new Emitter<GroupChange>()
  #isOpen = true

  constructor(init: GroupManagerInit) {
    this.#init = init
    this.#log = init.logger.child('GROUP')
  }

  /** Running groups. */
  groups(): readonly Group[] {
    return Array.from(this.#running.values(), ({ group }) => group)
  }

  group(groupId: number): Group | undefined {
    return this.#running.get(groupId)?.group
  }

  /** What a running group was opened with. */
  settingsOf(groupId: number): GroupSettings | undefined {
    return this.#running.get(groupId)?.settings
  }

  onChange(listener: (change: GroupChange) => void): () => void {
    return this.#changes.on(listener)
  }

  async start(): Promise<void> {
    try {
      for (const groupId of this.#init.registry.ids()) await this.#startWithNode(groupId)
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Groups stay marked as running: they start again with the node. */
  async stop(): Promise<void> {
    this.#isOpen = false
    await Promise.allSettled(this.#turns.values())
    const failures: unknown[] = []
    for (const [groupId, { group }] of [...this.#running].toReversed()) {
      this.#running.delete(groupId)
      try {
        await group.stop()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  /** Starts groups whose genesis file has appeared and that nobody has started or stopped yet (spec 04 §11.3). */
  async startNew(): Promise<void> {
    const { registry } = this.#init
    const isNew = (id: number) => !this.#running.has(id) && registry.status(id) === undefined
    for (const groupId of registry.ids().filter(isNew)) await this.startGroup(groupId)
  }

  async generateGroup(group: NewGroup): Promise<ManagementResult> {
    return this.#inTurn(group.groupId, async () => {
      const refusal = this.#refusalOfGeneration(group)
      if (refusal !== undefined) return refusal
      const { registry } = this.#init
      // The status comes first: a genesis file without one would be started with the node.
      await registry.setStatus(group.groupId, 'STOPPED')
      await registry.create(group)
      return successOf('generate', group.groupId)
    })
  }

  async startGroup(groupId: number): Promise<ManagementResult> {
    return this.#operate('start', groupId, async () => {
      if (!this.#init.registry.has(groupId).settings) {
        const message = `Group config file for group ${groupId} not found`
        return { code: GroupCode.settingsMissing, message }
      }
      await this.#run(groupId)
      return undefined
    })
  }

  async stopGroup(groupId: number): Promise<ManagementResult> {
    return this.#operate('stop', groupId, async () => {
      const { registry } = this.#init
      const group = this.group(groupId)
      assert(group !== undefined, 'a group in state RUNNING runs')
      await registry.setStatus(groupId, 'STOPPING')
      this.#stopping.add(groupId)
      try {
        this.#running.delete(groupId)
        this.#changes.emit({ group, isRunning: false })
        await group.stop()
      } finally {
        await registry.setStatus(groupId, 'STOPPED')
        this.#stopping.delete(groupId)
      }
      return undefined
    })
  }

  async removeGroup(groupId: number): Promise<ManagementResult> {
    return this.#operate('remove', groupId, async () => {
      await this.#init.registry.setStatus(groupId, 'DELETED')
      return undefined
    })
  }

  async recoverGroup(groupId: number): Promise<ManagementResult> {
    return this.#operate('recover', groupId, async () => {
      await this.#init.registry.setStatus(groupId, 'STOPPED')
      return undefined
    })
  }

  async queryGroupStatus(groupId: number): Promise<ManagementResult> {
    const status = this.#stateOf(groupId)
    if (status !== 'UNKNOWN') return { code: GroupCode.success, message: '', status }
    const message = 'Please check `.group_status` file of the group'
    return { code: GroupCode.internalError, message, status }
  }

  /**
   * An operation with its refusals; what `carryOut` returns takes the place of the message of success. Whoever comes
   * while the group stops is told so, and does not wait.
   */
  async #operate(
    operation: GroupOperation,
    groupId: number,
    carryOut: () => Promise<ManagementResult | undefined>,
  ): Promise<ManagementResult> {
    const early = this.#stopping.has(groupId) && refusalOf(operation, 'STOPPING', groupId)
    if (early) return early
    return this.#inTurn(groupId, async () => {
      const refusal = refusalOf(operation, this.#stateOf(groupId), groupId)
      if (refusal !== undefined) return refusal
      return (await carryOut()) ?? successOf(operation, groupId)
    })
  }

  /** One operation on a group after the other. */
  async #inTurn(
    groupId: number,
    operate: () => Promise<ManagementResult>,
  ): Promise<ManagementResult> {
    if (!this.#isOpen) return { code: GroupCode.internalError, message: 'the node is stopping' }
    const turn = (this.#turns.get(groupId) ?? Promise.resolve()).then(async () =>
      this.#reported(groupId, operate),
    )
    this.#turns.set(groupId, turn)
    try {
      return await turn
    } finally {
      if (this.#turns.get(groupId) === turn) this.#turns.delete(groupId)
    }
  }

  /** What failed inside is an answer too: the caller sees why, and so does the log. */
  async #reported(
    groupId: number,
    operate: () => Promise<ManagementResult>,
  ): Promise<ManagementResult> {
    try {
      const result = await operate()
      this.#log.info(result.message, { groupID: groupId, code: result.code })
      return result
    } catch (error) {
      if (error instanceof InvariantViolation) throw error
      const message = messageOf(error)
      this.#log.error('The group could not be changed', { groupID: groupId, reason: message })
      return { code: GroupCode.internalError, message }
    }
  }

  #refusalOfGeneration({ groupId, sealers }: NewGroup): ManagementResult | undefined {
    const { registry, self, isConnected } = this.#init
    const absent = new Set(sealers.filter((id) => id !== self && !isConnected(id)))
    if (absent.size > 0) {
      const message = `Peer(s) not connected: ${[...absent].toSorted().join(', ')}`
      return { code: GroupCode.peersNotConnected, message }
    }
    const word = registry.status(groupId)
    const has = registry.has(groupId)
    if (has.genesis) {
      return word === undefined && !this.#running.has(groupId)
        ? {
            code: GroupCode.genesisExists,
            message: `Genesis config file for group ${groupId} already exists`,
          }
        : { code: GroupCode.exists, message: `Group ${groupId} already exists` }
    }
    // A status without a genesis is what a crash left of an earlier attempt: its settings file is ours.
    if (has.settings && word === undefined) {
      const message = `Group config file for group ${groupId} already exists`
      return { code: GroupCode.settingsExist, message }
    }
    return undefined
  }

  #stateOf(groupId: number): GroupState {
    if (this.#stopping.has(groupId)) return 'STOPPING'
    if (this.#running.has(groupId)) return 'RUNNING'
    const { registry } = this.#init
    return restingState(registry.status(groupId), registry.has(groupId).genesis)
  }

  async #startWithNode(groupId: number): Promise<void> {
    const { registry } = this.#init
    const word = registry.status(groupId)
    if (startsWithNode(word)) return this.#run(groupId)
    if (word === 'STOPPING') {
      await registry.setStatus(groupId, 'STOPPED')
    } else if (word !== undefined && !isGroupStatus(word)) {
      this.#log.error('The group is left out: its .group_status holds an unknown word', {
        groupID: groupId,
        word,
      })
    }
  }

  async #run(groupId: number): Promise<void> {
    const { registry, open } = this.#init
    const settings = registry.read(groupId)
    for (const warning of settings.config.warnings) this.#log.warn(warning)
    const group = await open(settings)
    try {
      await group.start()
      if (registry.status(groupId) !== 'RUNNING') await registry.setStatus(groupId, 'RUNNING')
    } catch (error) {
      await group.stop()
      throw error
    }
    this.#running.set(groupId, { group, settings })
    this.#changes.emit({ group, isRunning: true })
  }
}
