import type { App } from './app.ts'
import { type Difference, differencesOf } from './difference.ts'
import type { Question } from './question.ts'
import type { Look } from './look.ts'

/** Asked side by side: the program serves several readers at once. */
const AT_ONCE = 8

/** A difference, and after which snapshot it was found. */
export interface LateDifference extends Difference {
  lookedAt: string
}

/** All that was asked of the program, and where it answered otherwise than it had to. */
export class Judgement {
  readonly differences: LateDifference[] = []
  questions = 0

  async ask(app: App, questions: readonly Question[], { snapshotId }: Look): Promise<void> {
    this.questions += questions.length
    for (let next = 0; next < questions.length; next += AT_ONCE) {
      const asked = questions.slice(next, next + AT_ONCE)
      const found = await Promise.all(asked.map(async ({ path, expected }) => differencesOf(path, expected, await app.get(path))))
      this.differences.push(...found.flat().map((difference) => ({ ...difference, lookedAt: snapshotId })))
    }
  }
}
