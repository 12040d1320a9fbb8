import { crc32 } from 'node:zlib'

/** Checksums of gzip are polynomials over two elements, modulo this one; the lowest power is the highest bit. */
const MODULUS = 0xedb88320
const ONE = 0x80000000

/** The product of two polynomials. */
export function multiply(a: number, b: number): number {
  let product = 0
  let factor = b
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if (a & bit) product ^= factor
    factor = factor & 1 ? (factor >>> 1) ^ MODULUS : factor >>> 1
  }
  return product >>> 0
}

/** What so many bytes that follow make of the checksum of those before: a power of x. */
export function shiftBy(bytes: number): number {
  let power = ONE
  // x to the power of 8.
  let square = 0x00800000
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(power, square)
    square = multiply(square, square)
  }
  return power
}

/** By what the checksum of a text changes where `before` becomes `after`, at places that so shift it; both are equally long. */
export function changeOf(before: Buffer | string, after: Buffer | string, shift: number): number {
  // What gzip puts before and after the bytes is the same in both, and so out of the difference.
  return multiply(crc32(before) ^ crc32(after), shift)
}
