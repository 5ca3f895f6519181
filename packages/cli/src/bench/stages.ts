/**
 * Where the processor time of a node goes: samples of a CPU profile, told apart by the part of the node they fell in.
 * @module
 */

/** The part of the format of V8's CPU profiles that is read here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  /** Ids of nodes, one a sample. */
  readonly samples: readonly number[]
  /** Time before each sample, µs. */
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string }
  readonly children?: readonly number[]
}

export const IDLE = 'idle'
const OTHER = 'Node.js'

/** First match wins. The place is that of the innermost function of ours on the stack. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/^crypto\/.*(?:ecdsa|secp256k1|sm2)/, 'signatures'],
  [/^crypto\//, 'hashing'],
  [/^protocol\//, 'codecs'],
  [/^ledger\/tx-pool/, 'transaction pool'],
  [/^ledger\/sync/, 'gossip and synchronisation'],
  [/^ledger\//, 'block store'],
  [/^consensus\//, 'consensus'],
  [/^(?:executor|evm-adapter|precompiled)\//, 'execution'],
  [/^storage-crud\//, 'state and storage'],
  [/^rpc\//, 'JSON-RPC'],
  [/^network\//, 'P2P network'],
  [/^(?:node|cli)\//, 'node'],
]

const OF_OURS = /(?:packages|@bcos-ts)\/([\w-]+)\/(?:src|dist)\/(.*)$/
const OF_STORAGE = /classic-level|abstract-level/
const OF_NODE: readonly (readonly [RegExp, string])[] = [
  [/^node:_?http/, 'HTTP'],
  [/^node:(?:_tls|tls|net|internal\/stream|stream|internal\/js_stream)/, 'sockets and TLS'],
]

/** µs by stage, of the samples that fell between the two times; times are µs since the profile began. */
export function stagesOf(
  profile: CpuProfile,
  [fromUs, toUs]: readonly [number, number],
): ReadonlyMap<string, number> {
  const stageOfNode = stagesOfNodes(profile.nodes)
  const stages = new Map<string, number>()
  let atUs = 0
  for (const [index, id] of profile.samples.entries()) {
    const deltaUs = profile.timeDeltas[index] ?? 0
    atUs += deltaUs
    if (atUs < fromUs || atUs > toUs) continue
    const stage = stageOfNode.get(id) ?? OTHER
    stages.set(stage, (stages.get(stage) ?? 0) + deltaUs)
  }
  return stages
}

function stagesOfNodes(nodes: readonly ProfileNode[]): ReadonlyMap<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const stages = new Map<number, string>()
  const [root] = nodes
  // Parents stand on the list before their children: what a function of nobody belongs to is known by then.
  const open: { readonly id: number; readonly outer: string }[] =
    root === undefined ? [] : [{ id: root.id, outer: OTHER }]
  for (const { id, outer } of open) {
    const node = byId.get(id)
    if (node === undefined) continue
    const stage = stageOfFrame(node.callFrame) ?? outer
    stages.set(id, stage)
    for (const child of node.children ?? []) open.push({ id: child, outer: stage })
  }
  return stages
}

function stageOfFrame({ functionName, url }: ProfileNode['callFrame']): string | undefined {
  if (functionName === '(idle)') return IDLE
  if (functionName === '(garbage collector)') return 'garbage collection'
  if (functionName === '(program)') return 'system calls and native code'
  const ours = OF_OURS.exec(url)
  if (ours !== null) {
    const place = `${ours[1]}/${ours[2]}`
    return PLACES.find(([pattern]) => pattern.test(place))?.[1]
  }
  if (OF_STORAGE.test(url)) return 'state and storage'
  return OF_NODE.find(([pattern]) => pattern.test(url))?.[1]
}
