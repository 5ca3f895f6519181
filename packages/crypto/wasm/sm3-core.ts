/** The compression of SM3 (GB/T 32905-2016), for the hash and for the digests that SM2 signs. */

/** `T_j <<< j` of all 64 rounds, §4.2. */
const T: usize = memory.data<u32>([
  0x79cc4519, 0xf3988a32, 0xe7311465, 0xce6228cb, 0x9cc45197, 0x3988a32f, 0x7311465e, 0xe6228cbc,
  0xcc451979, 0x988a32f3, 0x311465e7, 0x6228cbce, 0xc451979c, 0x88a32f39, 0x11465e73, 0x228cbce6,
  0x9d8a7a87, 0x3b14f50f, 0x7629ea1e, 0xec53d43c, 0xd8a7a879, 0xb14f50f3, 0x629ea1e7, 0xc53d43ce,
  0x8a7a879d, 0x14f50f3b, 0x29ea1e76, 0x53d43cec, 0xa7a879d8, 0x4f50f3b1, 0x9ea1e762, 0x3d43cec5,
  0x7a879d8a, 0xf50f3b14, 0xea1e7629, 0xd43cec53, 0xa879d8a7, 0x50f3b14f, 0xa1e7629e, 0x43cec53d,
  0x879d8a7a, 0x0f3b14f5, 0x1e7629ea, 0x3cec53d4, 0x79d8a7a8, 0xf3b14f50, 0xe7629ea1, 0xcec53d43,
  0x9d8a7a87, 0x3b14f50f, 0x7629ea1e, 0xec53d43c, 0xd8a7a879, 0xb14f50f3, 0x629ea1e7, 0xc53d43ce,
  0x8a7a879d, 0x14f50f3b, 0x29ea1e76, 0x53d43cec, 0xa7a879d8, 0x4f50f3b1, 0x9ea1e762, 0x3d43cec5,
])
/** Initial value, §4.1. */
const IV: usize = memory.data<u32>([
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
])
/** The message schedule, §5.3.2. */
const W: usize = memory.data(68 * 4)
const STATE: usize = memory.data(32)
/** Bytes that the state has taken in. */
let taken: u64 = 0

export function sm3Reset(): void {
  for (let i: usize = 0; i < 32; i += 8) store<u64>(STATE + i, load<u64>(IV + i))
  taken = 0
}

/** Copies the state, and with it all that was hashed so far, to 32 bytes. */
export function sm3Save(to: usize): void {
  memory.copy(to, STATE, 32)
}

/** Goes on from a saved state that had taken `length` bytes, a multiple of 64. */
export function sm3Restore(from: usize, length: u64): void {
  memory.copy(STATE, from, 32)
  taken = length
}

/** Takes in whole blocks. */
export function sm3Update(from: usize, length: u32): void {
  taken += length
  for (const end = from + length; from < end; from += 64) {
    for (let i: usize = 0; i < 64; i += 4) store<u32>(W + i, bswap<u32>(load<u32>(from + i)))
    compress()
  }
}

/** Takes in the rest of a message, pads it (§5.2), and writes the digest. Reads up to three bytes beyond the rest. */
export function sm3Finish(from: usize, length: u32, to: usize): void {
  const whole = length & ~63
  sm3Update(from, whole)
  from += whole
  const rest = length - whole
  taken += rest
  const words = rest & ~3
  for (let i: usize = 0; i < words; i += 4) store<u32>(W + i, bswap<u32>(load<u32>(from + i)))
  const bits = (rest & 3) << 3
  const kept = bits == 0 ? 0 : bswap<u32>(load<u32>(from + words)) & ~((0xffffffff as u32) >> bits)
  store<u32>(W + words, kept | ((0x80000000 as u32) >> bits))
  for (let i: usize = words + 4; i < 64; i += 4) store<u32>(W + i, 0)
  if (rest >= 56) {
    compress()
    for (let i: usize = 0; i < 56; i += 4) store<u32>(W + i, 0)
  }
  store<u32>(W, (taken >> 29) as u32, 56)
  store<u32>(W, (taken << 3) as u32, 60)
  compress()
  for (let i: usize = 0; i < 32; i += 4) store<u32>(to + i, bswap<u32>(load<u32>(STATE + i)))
}

/** Expansion (§5.3.2) and compression (§5.3.3) of the block whose words are at `W`. */
function compress(): void {
  for (let i: usize = 0; i < 208; i += 4) {
    const x = load<u32>(W + i) ^ load<u32>(W + i, 28) ^ rotl<u32>(load<u32>(W + i, 52), 15)
    const p1 = x ^ rotl<u32>(x, 15) ^ rotl<u32>(x, 23)
    store<u32>(W + i, p1 ^ rotl<u32>(load<u32>(W + i, 12), 7) ^ load<u32>(W + i, 40), 64)
  }
  let a = load<u32>(STATE)
  let b = load<u32>(STATE, 4)
  let c = load<u32>(STATE, 8)
  let d = load<u32>(STATE, 12)
  let e = load<u32>(STATE, 16)
  let f = load<u32>(STATE, 20)
  let g = load<u32>(STATE, 24)
  let h = load<u32>(STATE, 28)
  let s: u32 = 0
  let t: u32 = 0
  let w: u32 = 0
  let i: usize = 0
  for (; i < 64; i += 16) {
    s = rotl<u32>(a, 12)
    t = rotl<u32>(s + e + load<u32>(T + i, 0), 7)
    w = load<u32>(W + i, 0)
    d += (a ^ b ^ c) + (t ^ s) + (w ^ load<u32>(W + i, 16))
    h += (e ^ f ^ g) + t + w
    b = rotl<u32>(b, 9)
    f = rotl<u32>(f, 19)
    h = h ^ rotl<u32>(h, 9) ^ rotl<u32>(h, 17)
    s = rotl<u32>(d, 12)
    t = rotl<u32>(s + h + load<u32>(T + i, 4), 7)
    w = load<u32>(W + i, 4)
    c += (d ^ a ^ b) + (t ^ s) + (w ^ load<u32>(W + i, 20))
    g += (h ^ e ^ f) + t + w
    a = rotl<u32>(a, 9)
    e = rotl<u32>(e, 19)
    g = g ^ rotl<u32>(g, 9) ^ rotl<u32>(g, 17)
    s = rotl<u32>(c, 12)
    t = rotl<u32>(s + g + load<u32>(T + i, 8), 7)
    w = load<u32>(W + i, 8)
    b += (c ^ d ^ a) + (t ^ s) + (w ^ load<u32>(W + i, 24))
    f += (g ^ h ^ e) + t + w
    d = rotl<u32>(d, 9)
    h = rotl<u32>(h, 19)
    f = f ^ rotl<u32>(f, 9) ^ rotl<u32>(f, 17)
    s = rotl<u32>(b, 12)
    t = rotl<u32>(s + f + load<u32>(T + i, 12), 7)
    w = load<u32>(W + i, 12)
    a += (b ^ c ^ d) + (t ^ s) + (w ^ load<u32>(W + i, 28))
    e += (f ^ g ^ h) + t + w
    c = rotl<u32>(c, 9)
    g = rotl<u32>(g, 19)
    e = e ^ rotl<u32>(e, 9) ^ rotl<u32>(e, 17)
  }
  for (; i < 256; i += 16) {
    s = rotl<u32>(a, 12)
    t = rotl<u32>(s + e + load<u32>(T + i, 0), 7)
    w = load<u32>(W + i, 0)
    d += ((a & b) | ((a | b) & c)) + (t ^ s) + (w ^ load<u32>(W + i, 16))
    h += (((f ^ g) & e) ^ g) + t + w
    b = rotl<u32>(b, 9)
    f = rotl<u32>(f, 19)
    h = h ^ rotl<u32>(h, 9) ^ rotl<u32>(h, 17)
    s = rotl<u32>(d, 12)
    t = rotl<u32>(s + h + load<u32>(T + i, 4), 7)
    w = load<u32>(W + i, 4)
    c += ((d & a) | ((d | a) & b)) + (t ^ s) + (w ^ load<u32>(W + i, 20))
    g += (((e ^ f) & h) ^ f) + t + w
    a = rotl<u32>(a, 9)
    e = rotl<u32>(e, 19)
    g = g ^ rotl<u32>(g, 9) ^ rotl<u32>(g, 17)
    s = rotl<u32>(c, 12)
    t = rotl<u32>(s + g + load<u32>(T + i, 8), 7)
    w = load<u32>(W + i, 8)
    b += ((c & d) | ((c | d) & a)) + (t ^ s) + (w ^ load<u32>(W + i, 24))
    f += (((h ^ e) & g) ^ e) + t + w
    d = rotl<u32>(d, 9)
    h = rotl<u32>(h, 19)
    f = f ^ rotl<u32>(f, 9) ^ rotl<u32>(f, 17)
    s = rotl<u32>(b, 12)
    t = rotl<u32>(s + f + load<u32>(T + i, 12), 7)
    w = load<u32>(W + i, 12)
    a += ((b & c) | ((b | c) & d)) + (t ^ s) + (w ^ load<u32>(W + i, 28))
    e += (((g ^ h) & f) ^ h) + t + w
    c = rotl<u32>(c, 9)
    g = rotl<u32>(g, 19)
    e = e ^ rotl<u32>(e, 9) ^ rotl<u32>(e, 17)
  }
  store<u32>(STATE, load<u32>(STATE) ^ a)
  store<u32>(STATE, load<u32>(STATE, 4) ^ b, 4)
  store<u32>(STATE, load<u32>(STATE, 8) ^ c, 8)
  store<u32>(STATE, load<u32>(STATE, 12) ^ d, 12)
  store<u32>(STATE, load<u32>(STATE, 16) ^ e, 16)
  store<u32>(STATE, load<u32>(STATE, 20) ^ f, 20)
  store<u32>(STATE, load<u32>(STATE, 24) ^ g, 24)
  store<u32>(STATE, load<u32>(STATE, 28) ^ h, 28)
}
