/** What both fields share: sums of limbs, carries, and the way between limbs of 29 bits and words of 32. */

/** Bytes of a field element. */
export const FE: usize = 36
/** Bytes of a point x, y. */
export const AFFINE: usize = 72
/** Bytes of a point X, Y, Z of Jacobi's coordinates, x = X / Z², y = Y / Z³. */
export const JACOBIAN: usize = 108

/** The bits of a limb. */
export const LIMB: i64 = 0x1fffffff
/** The bits of the top limb of a value below 2^256. */
const TOP: i64 = 0xffffff

/** Nine limbs in 64 bits each, for carrying. */
export const NORMAL: usize = memory.data(72)

// Written out: each limb has its place in the instruction, and no loop is counted.

export function feAdd(out: usize, a: usize, b: usize): void {
  store<i32>(out, load<i32>(a) + load<i32>(b))
  store<i32>(out, load<i32>(a, 4) + load<i32>(b, 4), 4)
  store<i32>(out, load<i32>(a, 8) + load<i32>(b, 8), 8)
  store<i32>(out, load<i32>(a, 12) + load<i32>(b, 12), 12)
  store<i32>(out, load<i32>(a, 16) + load<i32>(b, 16), 16)
  store<i32>(out, load<i32>(a, 20) + load<i32>(b, 20), 20)
  store<i32>(out, load<i32>(a, 24) + load<i32>(b, 24), 24)
  store<i32>(out, load<i32>(a, 28) + load<i32>(b, 28), 28)
  store<i32>(out, load<i32>(a, 32) + load<i32>(b, 32), 32)
}

export function feSub(out: usize, a: usize, b: usize): void {
  store<i32>(out, load<i32>(a) - load<i32>(b))
  store<i32>(out, load<i32>(a, 4) - load<i32>(b, 4), 4)
  store<i32>(out, load<i32>(a, 8) - load<i32>(b, 8), 8)
  store<i32>(out, load<i32>(a, 12) - load<i32>(b, 12), 12)
  store<i32>(out, load<i32>(a, 16) - load<i32>(b, 16), 16)
  store<i32>(out, load<i32>(a, 20) - load<i32>(b, 20), 20)
  store<i32>(out, load<i32>(a, 24) - load<i32>(b, 24), 24)
  store<i32>(out, load<i32>(a, 28) - load<i32>(b, 28), 28)
  store<i32>(out, load<i32>(a, 32) - load<i32>(b, 32), 32)
}

/** out = a + 2 b */
export function feAddTwice(out: usize, a: usize, b: usize): void {
  store<i32>(out, load<i32>(a) + (load<i32>(b) << 1))
  store<i32>(out, load<i32>(a, 4) + (load<i32>(b, 4) << 1), 4)
  store<i32>(out, load<i32>(a, 8) + (load<i32>(b, 8) << 1), 8)
  store<i32>(out, load<i32>(a, 12) + (load<i32>(b, 12) << 1), 12)
  store<i32>(out, load<i32>(a, 16) + (load<i32>(b, 16) << 1), 16)
  store<i32>(out, load<i32>(a, 20) + (load<i32>(b, 20) << 1), 20)
  store<i32>(out, load<i32>(a, 24) + (load<i32>(b, 24) << 1), 24)
  store<i32>(out, load<i32>(a, 28) + (load<i32>(b, 28) << 1), 28)
  store<i32>(out, load<i32>(a, 32) + (load<i32>(b, 32) << 1), 32)
}

export function feTwice(out: usize, a: usize): void {
  store<i32>(out, load<i32>(a) << 1)
  store<i32>(out, load<i32>(a, 4) << 1, 4)
  store<i32>(out, load<i32>(a, 8) << 1, 8)
  store<i32>(out, load<i32>(a, 12) << 1, 12)
  store<i32>(out, load<i32>(a, 16) << 1, 16)
  store<i32>(out, load<i32>(a, 20) << 1, 20)
  store<i32>(out, load<i32>(a, 24) << 1, 24)
  store<i32>(out, load<i32>(a, 28) << 1, 28)
  store<i32>(out, load<i32>(a, 32) << 1, 32)
}

export function feNegate(out: usize, a: usize): void {
  store<i32>(out, -load<i32>(a))
  store<i32>(out, -load<i32>(a, 4), 4)
  store<i32>(out, -load<i32>(a, 8), 8)
  store<i32>(out, -load<i32>(a, 12), 12)
  store<i32>(out, -load<i32>(a, 16), 16)
  store<i32>(out, -load<i32>(a, 20), 20)
  store<i32>(out, -load<i32>(a, 24), 24)
  store<i32>(out, -load<i32>(a, 28), 28)
  store<i32>(out, -load<i32>(a, 32), 32)
}

export function feCopy(out: usize, a: usize): void {
  store<u64>(out, load<u64>(a))
  store<u64>(out, load<u64>(a, 8), 8)
  store<u64>(out, load<u64>(a, 16), 16)
  store<u64>(out, load<u64>(a, 24), 24)
  store<u32>(out, load<u32>(a, 32), 32)
}

/** out = 3 a / 2, carried: p is added first when 3 a is odd. */
export function feScale(out: usize, a: usize, prime: usize): void {
  const odd = -(load<i32>(a) & 1) as i64
  let sum = i64.load32_s(a) * 3 + (i64.load32_u(prime) & odd)
  const l0 = sum & LIMB
  sum = i64.load32_s(a, 4) * 3 + (i64.load32_u(prime, 4) & odd) + (sum >> 29)
  const l1 = sum & LIMB
  sum = i64.load32_s(a, 8) * 3 + (i64.load32_u(prime, 8) & odd) + (sum >> 29)
  const l2 = sum & LIMB
  sum = i64.load32_s(a, 12) * 3 + (i64.load32_u(prime, 12) & odd) + (sum >> 29)
  const l3 = sum & LIMB
  sum = i64.load32_s(a, 16) * 3 + (i64.load32_u(prime, 16) & odd) + (sum >> 29)
  const l4 = sum & LIMB
  sum = i64.load32_s(a, 20) * 3 + (i64.load32_u(prime, 20) & odd) + (sum >> 29)
  const l5 = sum & LIMB
  sum = i64.load32_s(a, 24) * 3 + (i64.load32_u(prime, 24) & odd) + (sum >> 29)
  const l6 = sum & LIMB
  sum = i64.load32_s(a, 28) * 3 + (i64.load32_u(prime, 28) & odd) + (sum >> 29)
  const l7 = sum & LIMB
  sum = i64.load32_s(a, 32) * 3 + (i64.load32_u(prime, 32) & odd) + (sum >> 29)
  i64.store32(out, (l0 >> 1) | ((l1 & 1) << 28))
  i64.store32(out, (l1 >> 1) | ((l2 & 1) << 28), 4)
  i64.store32(out, (l2 >> 1) | ((l3 & 1) << 28), 8)
  i64.store32(out, (l3 >> 1) | ((l4 & 1) << 28), 12)
  i64.store32(out, (l4 >> 1) | ((l5 & 1) << 28), 16)
  i64.store32(out, (l5 >> 1) | ((l6 & 1) << 28), 20)
  i64.store32(out, (l6 >> 1) | ((l7 & 1) << 28), 24)
  i64.store32(out, (l7 >> 1) | ((sum & 1) << 28), 28)
  i64.store32(out, sum >> 1, 32)
}

/** Carries through `NORMAL`; what it has from 2^256 on is cut off and returned. */
export function carryNormal(): i64 {
  let carry: i64 = 0
  for (let i: usize = 0; i < 64; i += 8) {
    carry += load<i64>(NORMAL + i)
    store<i64>(NORMAL + i, carry & LIMB)
    carry >>= 29
  }
  carry += load<i64>(NORMAL, 64)
  store<i64>(NORMAL, carry & TOP, 64)
  return carry >> 24
}

/** Eight words of the limbs at `NORMAL`, which are carried. */
export function packLimbs(words: usize): void {
  let bits: u64 = 0
  let held: u64 = 0
  let at = NORMAL
  for (let i: usize = 0; i < 32; i += 4) {
    while (held < 32) {
      bits |= load<u64>(at) << held
      held += 29
      at += 8
    }
    store<u32>(words + i, bits as u32)
    bits >>= 32
    held -= 32
  }
}

/** Limbs of eight words. */
export function spreadWords(out: usize, words: usize): void {
  let bits: u64 = 0
  let held: u64 = 0
  for (let i: usize = 0; i < 32; i += 4) {
    bits |= (load<u32>(words + i) as u64) << held
    held += 32
    store<u32>(out, (bits & LIMB) as u32)
    out += 4
    bits >>= 29
    held -= 29
  }
  store<u32>(out, bits as u32)
}
