/**
 * Carries out what a step wants done. Decides nothing.
 * @module
 */
import { type Clock, type Logger, toHex, unreachable } from '@bcos-ts/common'
import { HostFailedError } from '../errors.ts'
import { prepareBond, viewChangeBond } from '../pbft/bond.ts'
import {
  encodeBody,
  encodeLockProof,
  encodePrepare,
  encodeTransactionsRequest,
} from '../pbft/codec.ts'
import { commitProofOf, encodeCommitProof } from '../pbft/commit-proof.ts'
import { PacketId, PbftPacketType } from '../pbft/messages.ts'
import {
  type CompleteProposal,
  encodeHashedProposal,
  encodeWholeProposal,
} from '../pbft/proposal.ts'
import { isEmpty, type PbftEffect, type PbftEvent, type PbftState } from '../pbft/state.ts'
import { headEvent } from './chain-view.ts'
import type { Executions } from './executions.ts'
import type { CommitteeRotation, Spreading } from './extension.ts'
import type { PbftHost, PbftOptions } from './host.ts'
import { reportCommit, reportTimeout } from './report.ts'
import type { Sealer } from './sealing.ts'
import type { Signer } from './signatures.ts'
import { lookUp } from './transactions.ts'
import { encodeVoteRecord, proofOf } from './vote-record.ts'

type Effect<T extends PbftEffect['type']> = Extract<PbftEffect, { readonly type: T }>

export interface EffectsInit {
  readonly host: PbftHost
  readonly options: PbftOptions
  readonly signer: Signer
  readonly outgoing: Spreading
  readonly rotation: CommitteeRotation | undefined
  readonly executions: Executions
  readonly sealer: Sealer
  readonly logger: Logger
  readonly clock: Clock
  /** Sequence of the newest record on disk. */
  readonly sequence: number
}

export class Effects {
  readonly #init: EffectsInit
  #sequence: number

  constructor(init: EffectsInit) {
    this.#init = init
    this.#sequence = init.sequence
  }

  /** What follows at once from an effect comes back as an event. Throws {@link HostFailedError}. */
  async carryOut(effect: PbftEffect, state: PbftState): Promise<PbftEvent | undefined> {
    switch (effect.type) {
      case 'propose':
        return this.#propose(effect, state)
      case 'execute':
        return this.#execute(effect, state)
      case 'requestTransactions':
        return this.#requestTransactions(effect, state)
      case 'persist':
        return this.#persist(effect)
      case 'sendSign':
        return this.#say(PacketId.sign, encodeBody(effect.vote), { to: effect.to, state })
      case 'sendCommit':
        return this.#sendCommit(effect, state)
      case 'sendViewChange':
        return this.#sendViewChange(effect, state)
      case 'sendLockProof':
        return this.#sendLockProof(effect, state)
      case 'commit':
        return this.#commit(effect, state)
      case 'timedOut':
        return this.#timedOut(effect, state)
      default:
        return unreachable(effect)
    }
  }

  /** To one sealer, or to all of them. */
  #say(
    packetId: number,
    data: Uint8Array,
    { to, state }: { readonly to: number | undefined; readonly state: PbftState },
  ): undefined {
    const { outgoing } = this.#init
    if (to === undefined) {
      const packet = { packetId, data, isEmptyBlock: false }
      outgoing.broadcast(state.committee, PbftPacketType.packet, packet)
      return undefined
    }
    const target = state.committee.sealers[to]
    if (target !== undefined) outgoing.sendPacket(target, packetId, data)
    return undefined
  }

  /** Fresh proposals travel by hashes; empty ones and those proposed again are packets of the ordinary type. */
  #propose(effect: Effect<'propose'>, state: PbftState): undefined {
    const { signer, options, outgoing, host } = this.#init
    const { height, view, proposal, isAgain } = effect
    const { hash } = proposal
    const isEmptyBlock = isEmpty(proposal)
    const isByHashes = options.isPrepareByHashes && !isAgain && !isEmptyBlock
    const bond = prepareBond(hash, host.suite)
    const body = signer.sign({ height, view, index: state.committee.self, hash, bond })
    const block =
      isByHashes || isEmptyBlock
        ? encodeHashedProposal(proposal)
        : encodeWholeProposal(proposal.block, host.suite)
    const data = encodePrepare({ ...body, block })
    const { to } = effect
    if (to !== undefined) return this.#say(PacketId.prepare, data, { to, state })
    outgoing.broadcast(
      state.committee,
      isByHashes ? PbftPacketType.prepareWithHashes : PbftPacketType.packet,
      { packetId: PacketId.prepare, data, isEmptyBlock },
    )
  }

  #execute(effect: Effect<'execute'>, state: PbftState): PbftEvent {
    const { executions, sealer, clock, logger } = this.#init
    const { height, view, proposal } = effect
    const isFirst = !executions.has(proposal)
    const startedMs = clock.nowMs()
    const refusal = this.#refusesRotation(proposal, state)
    const execution =
      refusal === undefined
        ? executions.run(proposal, { height, view, index: state.committee.self })
        : undefined
    if (isFirst) {
      sealer.onExecuted(proposal.block.transactions.length, clock.nowMs() - startedMs)
    }
    if (execution === undefined) {
      const reason = refusal ?? 'it cannot be executed'
      logger.warn('The proposed block is refused', { num: height, v: view, reason })
    }
    const nowMs = clock.nowMs()
    return { type: 'executed', proposalHash: proposal.hash, view, execution, nowMs }
  }

  #refusesRotation(proposal: CompleteProposal, state: PbftState): string | undefined {
    const { rotation, executions } = this.#init
    const { committee, round } = state
    const executed = rotation && executions.take(proposal)
    const proposer = committee.sealers[round?.index ?? committee.self]
    if (executed === undefined || proposer === undefined) return undefined
    return rotation?.refuses(executed.block, proposer)
  }

  #requestTransactions(
    effect: Effect<'requestTransactions'>,
    state: PbftState,
  ): PbftEvent | undefined {
    const { host, outgoing, clock } = this.#init
    const proposal = state.round?.proposal
    if (proposal?.hash !== effect.hash) return undefined
    // Gossip may have brought them in the meantime, or they are here and only wait to be read.
    const { missing, whole } = lookUp(proposal, host)
    if (whole !== undefined) return { type: 'filled', proposal: whole, nowMs: clock.nowMs() }
    const to = state.committee.sealers[effect.to]
    if (to === undefined) return undefined
    const { height, hash } = effect
    outgoing.send(
      to,
      PbftPacketType.requestTransactions,
      encodeTransactionsRequest({ height, hash, missing }),
    )
    return undefined
  }

  async #persist(effect: Effect<'persist'>): Promise<undefined> {
    const { host } = this.#init
    this.#sequence++
    const record = encodeVoteRecord({ sequence: this.#sequence, votes: effect.votes }, host.suite)
    try {
      await host.votes.persist(record)
    } catch (error) {
      throw new HostFailedError('keeping an own vote', effect.votes.height, error)
    }
  }

  #sendCommit(effect: Effect<'sendCommit'>, state: PbftState): undefined {
    const { height, view, executedHash, bond, signature, to } = effect
    const index = state.committee.self
    const statement = { height, view, index, hash: executedHash, bond, signature }
    const data = encodeBody(this.#init.signer.sign(statement))
    return this.#say(PacketId.commit, data, { to, state })
  }

  #sendViewChange(effect: Effect<'sendViewChange'>, state: PbftState): undefined {
    const { signer, host } = this.#init
    const { height, view, hash } = effect.change
    const bond = viewChangeBond(hash, host.suite)
    const body = signer.sign({ height, view, index: state.committee.self, hash, bond })
    return this.#say(PacketId.viewChange, encodeBody(body), { to: effect.to, state })
  }

  #sendLockProof(effect: Effect<'sendLockProof'>, state: PbftState): undefined {
    const { outgoing, host } = this.#init
    const to = state.committee.sealers[effect.to]
    if (to === undefined) return
    const proof = proofOf(effect.height, effect.lock, host.suite)
    outgoing.sendPacket(to, PacketId.lockProof, encodeLockProof(proof))
  }

  /** Synchronisation may have been faster: then there is nothing left to write. */
  async #commit(effect: Effect<'commit'>, state: PbftState): Promise<PbftEvent> {
    const { host, executions, sealer, logger, clock } = this.#init
    const { height, proposal, commits } = effect
    const signatures = commits.map(({ index, signature }) => ({ index, signature }))
    const executed = executions.take(proposal)
    if (host.chain.head().number < height && executed !== undefined) {
      try {
        await host.chain.commit(executed, signatures, this.#proofOf(effect, state))
      } catch (error) {
        const isOvertaken = host.chain.head().number >= height
        if (!isOvertaken) throw new HostFailedError('committing the block', height, error)
      }
      const { header, transactions } = executed.block
      sealer.onCommit(transactions.length)
      const block = { header, hash: toHex(executed.hash), txCount: transactions.length }
      reportCommit(logger, block, state)
    }
    return headEvent(host, clock.nowMs())
  }

  /** Of its own commit a node keeps what its sign said: it says it once more. */
  #proofOf({ proposal, commits }: Effect<'commit'>, state: PbftState): Uint8Array | undefined {
    const { signer } = this.#init
    const { committee } = state
    const said = commits.map((commit) =>
      commit.index === committee.self && commit.bond !== undefined
        ? { ...signer.sign({ ...commit, bond: commit.bond }), bond: commit.bond }
        : commit,
    )
    const proof = commitProofOf(proposal.hash, said, committee.quorum)
    return proof && encodeCommitProof(proof)
  }

  #timedOut(effect: Effect<'timedOut'>, state: PbftState): undefined {
    const { sealer, logger } = this.#init
    reportTimeout(logger, state, effect.toView)
    if (effect.txCount !== undefined) sealer.onTimeout(effect.txCount)
  }
}
