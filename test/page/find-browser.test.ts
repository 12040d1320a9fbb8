import { expect, it } from 'vitest'
import { findBrowser, NO_BROWSER } from '../../dev/page/find-browser.mjs'

it('takes the browser that is named, or none', () => {
  expect(findBrowser({ PATCHTRAIL_BROWSER: process.execPath })).toBe(process.execPath)
  expect(findBrowser({ PATCHTRAIL_BROWSER: '/there/is/none' })).toBeUndefined()
})

it('has one where nobody would read that the tests of the page did not run', () => {
  expect(process.env['CI'] !== 'true' || findBrowser() !== undefined, NO_BROWSER).toBe(true)
})
