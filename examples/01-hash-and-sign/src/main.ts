// One package alone: hash and sign with both suites, on the engines that this machine has.
import { toHex, utf8 } from '@bcos-ts/common'
import { createNodeSuites } from '@bcos-ts/crypto/node'

const suites = await createNodeSuites()
const secretKey = crypto.getRandomValues(new Uint8Array(32)).fill(1, 0, 1)

for (const suite of [suites.standard, suites.guomi]) {
  const digest = suite.hash(utf8('hello'))
  const keys = suite.keyPair(secretKey)
  const signature = suite.sign(digest, keys)
  const recovered = suite.recover(signature, digest)
  if (recovered === undefined || toHex(recovered) !== toHex(keys.publicKey)) {
    throw new Error(`${suite.name}: the signature does not lead back to its key`)
  }
  console.log(suite.name, suite.engines)
  console.log('  hash    ', toHex(digest))
  console.log('  address ', toHex(suite.address(keys.publicKey)))
  console.log('  signed  ', suite.verify(signature, digest, keys.publicKey))
}
