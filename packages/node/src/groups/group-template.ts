import type { ConsensusType, NodeId } from '@bcos-ts/protocol'
import type { NewGroup } from '@bcos-ts/protocol/ports'

/** What tells one genesis from another; the rest has the values of 2.x. */
export interface GenesisChoices extends NewGroup {
  readonly sealers: readonly NodeId[]
  readonly consensus: ConsensusType
}

/** `group.N.genesis`: what all members of the group have alike, for ever (spec 04 §10.2). */
export function genesisText(choices: GenesisChoices): string {
  const { groupId, sealers, consensus, timestamp, isFreeStorage } = choices
  return `[consensus]
    ; pbft, rpbft or raft
    consensus_type=${consensus}
    ; most transactions in a block
    max_trans_num=1000
    ; seconds until the next node takes the lead, at least 3
    consensus_timeout=3
    ; rpbft: how many nodes seal at a time, and for how many blocks
    epoch_sealer_num=${sealers.length}
    epoch_block_num=1000
    ; the sealers of block 0, by node id
${sealers.map((id, index) => `    node.${index}=${id}`).join('\n')}

[state]
    type=storage

[tx]
    ; most gas that a transaction may use
    gas_limit=300000000

[group]
    id=${groupId}
    ; of block 0, milliseconds since 1970
    timestamp=${timestamp}

[evm]
    enable_free_storage=${isFreeStorage}
`
}

/** `group.N.ini`: what a node may set for a group of its own accord. */
export function settingsText(): string {
  return `[consensus]
    ; over how many hops votes are passed on
    ttl=2
    ; how long a leader waits for a fuller block, in milliseconds
    min_block_generation_time=500
    enable_dynamic_block_size=true
    ; these two must be alike on all sealers of the group
    enable_ttl_optimization=true
    enable_prepare_with_txsHash=true
    ; rpbft: proposals go down a tree of nodes
    broadcast_prepare_by_tree=true
    ; rpbft: percent of nodes that are told of a proposal, 25 to 100
    prepare_status_broadcast_percent=33
    ; rpbft: milliseconds before transactions (5 to 1000) and proposals (10 to 1000) are asked for
    max_request_missedTxs_waitTime=100
    max_request_prepare_waitTime=100

[storage]
    ; rocksdb stands for a database inside the node
    type=rocksdb
    binary_log=false
    scroll_threshold_multiple=2
    cached_storage=true
    ; of the cache, in MB
    max_capacity=32
    max_forward_block=10
    ; for databases outside the node
    max_retry=60
    topic=DB
    db_ip=127.0.0.1
    db_port=3306
    db_username=
    db_passwd=
    db_name=

[tx_pool]
    ; most transactions that wait
    limit=150000
    ; most memory for them, in MB
    memory_limit=512
    notify_worker_num=2
    ; seconds after which a waiting transaction is given up
    txs_expiration_time=600

[sync]
    ; most memory for downloaded blocks, in MB, at least 32
    max_block_sync_memory_size=512
    idle_wait_ms=200
    ; pbft: states of nodes and transactions go down a tree; must be alike on all nodes of the group
    sync_block_by_tree=true
    send_txs_by_tree=true
    ; milliseconds between states sent at random, 1000 to 3000, and to how many nodes
    gossip_interval_ms=1000
    gossip_peers_number=3
    ; to how many nodes hashes of new transactions are sent
    txs_max_gossip_peers_num=5

[flow_control]
    ; requests a second for this group
    ;limit_req=1000
    ; Mb a second that the node may send for this group; blocks are not served above it
    ;outgoing_bandwidth_limit=2

[sdk_allowlist]
    ; with at least one entry, no other SDKs may use this group; an entry is what sdk.publickey holds
    ;public_key.0=
`
}
