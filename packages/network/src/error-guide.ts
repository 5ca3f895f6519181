import type { ErrorGuide } from '@bcos-ts/common'
import type { NetworkErrorCode } from './errors.ts'

export const networkErrorGuide: Readonly<Record<NetworkErrorCode, ErrorGuide>> = {
  NETWORK_LISTEN_FAILED: {
    cause:
      'The P2P port cannot be opened: another process has it, or `p2p.listen_ip` is no address of this host.',
    evidence:
      'The node does not start: `cannot listen on …` in `nohup.out` and in the log, exit code 1.',
    remedy:
      'Find who has the port (`ss -ltnp`), or change `p2p.listen_port` and the `node.N` lines of the other nodes.',
  },
  NETWORK_DIAL_FAILED: {
    cause:
      'A configured peer could not be connected: nothing listens there, a firewall is between, or TLS failed because the certificates are of different chains.',
    evidence:
      'Log: `Connect failed`, once as a warning for each new reason, then at level debug; the attempts go on, at last every ten seconds.',
    remedy:
      '`ECONNREFUSED`: start the peer or correct `node.N`. `ETIMEDOUT`: firewall. `unknown ca`, `self-signed certificate`: `ca.crt` differs. `bcos-ts doctor` tries each step and names the first that fails.',
  },
  NETWORK_INVALID_CERTIFICATE: {
    cause:
      'Key and certificate of the node cannot be used: they do not belong together, are not on secp256k1, or are no PEM.',
    evidence:
      'The node does not start: `key and certificates of the node cannot be used: …`, exit code 1.',
    remedy:
      'Put `node.key`, `node.crt` and `ca.crt` back as they were made together. `bcos-ts cert show conf/node.crt` shows what is there.',
  },
  NETWORK_INVALID_NODE_ID: {
    cause: 'An entry of an allow or deny list is not a node id.',
    evidence:
      'Thrown to the program that sets the lists; in `config.ini` the same is CONFIG_INVALID_VALUE.',
    remedy:
      'A node id has 128 hexadecimal digits, without 0x: `bcos-ts node-id conf/node.crt`, or the file `node.nodeid`.',
  },
  NETWORK_INVALID_ENDPOINT: {
    cause: 'An address of a peer cannot be read.',
    evidence:
      'Answer of `addPeers` or `erasePeers` (-32603), or thrown to the program that configures peers.',
    remedy: 'Write `host:port`, or `[address]:port` for IPv6.',
  },
  NETWORK_INVALID_FRAME: {
    cause:
      'What came over the P2P port is no frame: a stranger, another protocol, a length beyond 100 MiB, or damaged compression.',
    evidence: 'Log: `Connection closed … reason=invalid P2P frame: …`. Only that session ends.',
    remedy:
      'Look at the node behind the endpoint. All nodes must have a `supported_version` above 2.0.0-rc1.',
  },
  NETWORK_REQUEST_FAILED: {
    cause: 'A peer did not answer in time, its session ended, or too many requests wait for it.',
    evidence:
      'Log: `AMOP unicast failed, trying the next subscriber`, or `Topic list not received`.',
    remedy:
      'Nothing when it passes. If it stays, the peer is overloaded or its link is: look at its log.',
  },
}
