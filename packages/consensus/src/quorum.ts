/** How many of `n` sealers may lie or be silent while the rest still agree (spec 04 §6.1). */
export function maxFaulty(n: number): number {
  return n < 1 ? 0 : Math.floor((n - 1) / 3)
}

/** How many of `n` sealers decide: any two such groups share an honest member (spec 04 §6.1). */
export function quorumOf(n: number): number {
  return n - maxFaulty(n)
}
