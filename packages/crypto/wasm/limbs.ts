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

export function feAdd(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < FE; i += 4) store<i32>(out + i, load<i32>(a + i) + load<i32>(b + i))
}

export function feSub(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < FE; i += 4) store<i32>(out + i, load<i32>(a + i) - load<i32>(b + i))
}

/** out = a + 2 b */
export function feAddTwice(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < FE; i += 4) {
    store<i32>(out + i, load<i32>(a + i) + (load<i32>(b + i) << 1))
  }
}

export function feTwice(out: usize, a: usize): void {
  for (let i: usize = 0; i < FE; i += 4) store<i32>(out + i, load<i32>(a + i) << 1)
}

export function feNegate(out: usize, a: usize): void {
  for (let i: usize = 0; i < FE; i += 4) store<i32>(out + i, -load<i32>(a + i))
}

export function feCopy(out: usize, a: usize): void {
  for (let i: usize = 0; i < FE; i += 4) store<i32>(out + i, load<i32>(a + i))
}

/** out = 3 a / 2, carried: p is added first when 3 a is odd. */
export function feScale(out: usize, a: usize, prime: usize): void {
  const odd = -(load<i32>(a) & 1) as i64
  let carry: i64 = 0
  let last: i64 = 0
  for (let i: usize = 0; i < FE; i += 4) {
    const sum = i64.load32_s(a + i) * 3 + (i64.load32_u(prime + i) & odd) + carry
    const limb = sum & LIMB
    carry = sum >> 29
    if (i != 0) i64.store32(out + i - 4, (last >> 1) | ((limb & 1) << 28))
    last = limb
  }
  i64.store32(out, ((carry << 29) | last) >> 1, 32)
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
