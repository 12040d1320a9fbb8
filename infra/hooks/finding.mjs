// @ts-check

/**
 * What a look before the deployment found: a reason to stop, or something to know.
 * @typedef {{ stops: boolean, text: string }} Finding
 */

/** @param {string} text @returns {Finding} */
export const stop = (text) => ({ stops: true, text })
/** @param {string} text @returns {Finding} */
export const note = (text) => ({ stops: false, text })

/** What could not be found out is no reason to stop. @param {string} what @param {string} why @returns {Finding} */
export const unknown = (what, why) => note(`Not checked: ${what}. ${why}`)
