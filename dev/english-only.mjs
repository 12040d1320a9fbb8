// @ts-check
/**
 * Keeps zod's messages in other languages out of a bundle: nobody asks for them, and they were an eighth of it. Bundlers take them in because
 * `z` names them all.
 * @type {import('esbuild').Plugin}
 */
export const englishOnly = {
  name: 'english-only',
  setup(build) {
    build.onLoad({ filter: /node_modules[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'",
    }))
  },
}
