/**
 * Inverses modulo an odd number below 2^256, by the division steps of Bernstein and Yang ("Fast constant-time gcd
 * computation and modular inversion", 2019), thirty at a time. Takes as long as the number asks for: only for public data.
 *
 * Numbers are nine limbs of thirty bits here, the top one with the sign.
 */

const LIMBS: usize = 36
const BITS: i64 = 0x3fffffff

const F: usize = memory.data(36)
const G: usize = memory.data(36)
const D: usize = memory.data(36)
const E: usize = memory.data(36)
const M: usize = memory.data(36)

// The matrix of thirty steps.
let u: i32 = 0
let v: i32 = 0
let q: i32 = 0
let r: i32 = 0

/** out = 1 / a modulo `modulus`, all eight 32-bit words; 0 for a = 0. */
export function modInverse(out: usize, a: usize, modulus: usize): void {
  spread(F, modulus)
  spread(M, modulus)
  spread(G, a)
  memory.fill(D, 0, LIMBS)
  memory.fill(E, 0, LIMBS)
  store<i32>(E, 1)
  const inverse = inverseOf(load<u32>(M))
  let delta: i32 = 1
  while (!isZero(G)) {
    delta = thirtySteps(delta)
    advanceValues()
    advanceFactors(inverse)
  }
  if (load<i32>(D, 32) < 0) addScaled(D, 1, M)
  if (load<i32>(F, 32) < 0) addScaled(D, -1, 0)
  if (load<i32>(D, 32) < 0) addScaled(D, 1, M)
  pack(out, D)
}

/** 1 / odd modulo 2^32. */
export function inverseOf(odd: u32): u32 {
  let x = odd
  for (let i = 0; i < 4; i++) x *= 2 - odd * x
  return x
}

/** Thirty division steps on the low bits of f and g; fills the matrix. */
function thirtySteps(delta: i32): i32 {
  let f = load<i32>(F) | (load<i32>(F, 4) << 30)
  let g = load<i32>(G) | (load<i32>(G, 4) << 30)
  u = 1
  v = 0
  q = 0
  r = 1
  let left: i32 = 30
  while (true) {
    const zeros = ctz<i32>(g | (-1 << left))
    g >>= zeros
    u <<= zeros
    v <<= zeros
    delta += zeros
    left -= zeros
    if (left == 0) return delta
    if (delta > 0) {
      delta = -delta
      let x = f
      f = g
      g = -x
      x = u
      u = q
      q = -x
      x = v
      v = r
      r = -x
    }
    // As many bits of g at once as neither the steps left nor the next exchange forbids: six at most.
    const free = 1 - delta
    const many = free < left ? free : left
    const mask = many > 5 ? 63 : (1 << many) - 1
    const w = (g * f * (f * f - 2)) & mask
    g += f * w
    q += u * w
    r += v * w
  }
}

/** (f, g) = matrix · (f, g) / 2^30 */
function advanceValues(): void {
  let f: i64 = 0
  let g: i64 = 0
  for (let i: usize = 0; i < LIMBS; i += 4) {
    const x = i64.load32_s(F + i)
    const y = i64.load32_s(G + i)
    f += (u as i64) * x + (v as i64) * y
    g += (q as i64) * x + (r as i64) * y
    if (i != 0) {
      i64.store32(F + i - 4, f & BITS)
      i64.store32(G + i - 4, g & BITS)
    }
    f >>= 30
    g >>= 30
  }
  i64.store32(F, f, 32)
  i64.store32(G, g, 32)
}

/** (d, e) = matrix · (d, e) / 2^30 modulo m, both in (-2 m, m). */
function advanceFactors(inverse: u32): void {
  const signD = load<i32>(D, 32) >> 31
  const signE = load<i32>(E, 32) >> 31
  let timesD = (u & signD) + (v & signE)
  let timesE = (q & signD) + (r & signE)
  const lowD = (u as u32) * load<u32>(D) + (v as u32) * load<u32>(E)
  const lowE = (q as u32) * load<u32>(D) + (r as u32) * load<u32>(E)
  timesD -= (inverse * lowD + timesD) & (BITS as i32)
  timesE -= (inverse * lowE + timesE) & (BITS as i32)
  let d: i64 = 0
  let e: i64 = 0
  for (let i: usize = 0; i < LIMBS; i += 4) {
    const x = i64.load32_s(D + i)
    const y = i64.load32_s(E + i)
    const m = i64.load32_s(M + i)
    d += (u as i64) * x + (v as i64) * y + (timesD as i64) * m
    e += (q as i64) * x + (r as i64) * y + (timesE as i64) * m
    if (i != 0) {
      i64.store32(D + i - 4, d & BITS)
      i64.store32(E + i - 4, e & BITS)
    }
    d >>= 30
    e >>= 30
  }
  i64.store32(D, d, 32)
  i64.store32(E, e, 32)
}

/** a = a · sign + b; `b` of 0 is none. */
function addScaled(a: usize, sign: i64, b: usize): void {
  let sum: i64 = 0
  for (let i: usize = 0; i < LIMBS; i += 4) {
    sum += i64.load32_s(a + i) * sign + (b == 0 ? 0 : i64.load32_s(b + i))
    i64.store32(a + i, i == 32 ? sum : sum & BITS)
    sum >>= 30
  }
}

function isZero(a: usize): bool {
  let bits: i32 = 0
  for (let i: usize = 0; i < LIMBS; i += 4) bits |= load<i32>(a + i)
  return bits == 0
}

function spread(out: usize, words: usize): void {
  let bits: u64 = 0
  let held: u64 = 0
  for (let i: usize = 0; i < LIMBS; i += 4) {
    if (held < 30 && i < 32) {
      bits |= (load<u32>(words + i) as u64) << held
      held += 32
    }
    i64.store32(out + i, bits & BITS)
    bits >>= 30
    held -= 30
  }
}

function pack(words: usize, a: usize): void {
  let bits: u64 = 0
  let held: u64 = 0
  for (let i: usize = 0; i < 32; i += 4) {
    while (held < 32) {
      bits |= i64.load32_u(a) << held
      held += 30
      a += 4
    }
    store<u32>(words + i, bits as u32)
    bits >>= 32
    held -= 32
  }
}
