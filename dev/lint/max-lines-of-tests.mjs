// @ts-check
import { builtinRules } from 'eslint/use-at-your-own-risk'

const lines = /** @type {import('eslint').Rule.RuleModule} */ (builtinRules.get('max-lines-per-function'))

/**
 * ESLint's `max-lines-per-function`, but for `describe`: what it holds are tests, each of which is counted.
 * @type {import('eslint').Rule.RuleModule}
 */
export const maxLinesOfTests = {
  meta: lines.meta ?? {},
  create: (context) =>
    lines.create(
      Object.create(context, {
        report: {
          value: (/** @type {import('eslint').Rule.ReportDescriptor & { node: import('eslint').Rule.Node }} */ found) => {
            if (!isGroup(found.node)) context.report(found)
          },
        },
      }),
    ),
}

/** @param {import('eslint').Rule.Node} node */
const isGroup = ({ parent }) => parent?.type === 'CallExpression' && nameOf(parent.callee) === 'describe'

/**
 * The name that a call begins with: `describe`, `describe.each(…)`, `` describe.each`…` ``.
 * @param {any} callee
 * @returns {string}
 */
const nameOf = (callee) => (callee.type === 'Identifier' ? callee.name : nameOf(callee.callee ?? callee.object ?? callee.tag))
