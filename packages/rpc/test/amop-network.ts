import type { Amop, AmopLocal, TopicCertificateRequest } from '@bcos-ts/protocol/ports'

/** The AMOP of one of several nodes that know each other's topics at once. */
export class LinkedAmop implements Amop {
  readonly neighbours: LinkedAmop[] = []
  readonly verified: unknown[] = []
  local: AmopLocal | undefined
  #topics: readonly string[] = []
  publications = 0

  static network(size: number): LinkedAmop[] {
    const all = Array.from({ length: size }, () => new LinkedAmop())
    for (const one of all) one.neighbours.push(...all)
    return all
  }

  topics(): readonly string[] {
    return this.#topics
  }

  publish(topics: readonly string[]): void {
    this.#topics = topics
    this.publications += 1
  }

  attach(local: AmopLocal): () => void {
    this.local = local
    return () => (this.local = undefined)
  }

  countSubscribers(topic: string): number {
    return this.#subscribers(topic).length
  }

  async unicast(topic: string, frame: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#subscribers(topic)[0]?.local?.deliver(frame)
  }

  multicast(topic: string, frame: Uint8Array): void {
    for (const one of this.#subscribers(topic)) one.local?.deliverAll(frame)
  }

  setVerified(nodeId: string, topic: string, isVerified: boolean): void {
    this.verified.push({ nodeId, topic, isVerified })
  }

  challenge(request: TopicCertificateRequest): void {
    this.local?.requestCertificate(request)
  }

  #subscribers(topic: string): LinkedAmop[] {
    return this.neighbours.filter((one) => one.topics().includes(topic))
  }
}
