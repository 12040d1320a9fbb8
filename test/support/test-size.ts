const isFull = process.env['PATCHTRAIL_TEST_SIZE'] === 'full'

/**
 * How much of something a test goes through: a part of it that ends in minutes in `npm test`, all of it with `npm test -- --full`. A test that goes
 * through points takes every n-th, n odd, so that it meets those before a request as well as those after one.
 */
export const sized = (part: number, full: number): number => (isFull ? full : part)
