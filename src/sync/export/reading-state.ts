import { z } from 'zod'
import { byText, type ExportDoubt, type ExportedKbName } from '../../domain/index.ts'
import { parseJson } from '../../parse-json.ts'

const doubt = z.object({ code: z.enum(['exportBrokenLines', 'exportFell', 'exportGroupVanished']), detail: z.string() })

const survey = z.object({
  machines: z.number(),
  doubts: z.array(doubt),
  vanishedGroups: z.array(z.string()),
})

const schema = z.object({
  generatedAt: z.string(),
  /** Keys of the files that are read. */
  filesDone: z.array(z.string()),
  /** Numbers of the runs that files which are read have left. */
  runs: z.array(z.number()),
  rows: z.number(),
  brokenLines: z.number(),
  otherIds: z.number(),
  /** Faults of files on end. */
  faults: z.number(),
  /** Slices on end that had all their time for one file, and not enough. */
  tooLong: z.number(),
  /** What rows call KBs, and how many of them. */
  names: z.array(z.tuple([z.string(), z.string().nullable(), z.array(z.tuple([z.string(), z.number()]))])),
  survey: survey.nullable(),
})

/** How far the reading of an export is. */
export type ReadingState = z.infer<typeof schema>
export type Survey = z.infer<typeof survey>

export const begunReading = (generatedAt: string): ReadingState => ({
  generatedAt,
  filesDone: [],
  runs: [],
  ...{ rows: 0, brokenLines: 0, otherIds: 0, faults: 0, tooLong: 0 },
  names: [],
  survey: null,
})

/** undefined where the text is none: then all is read anew. */
export const unpackReading = (text: string | undefined): ReadingState | undefined => schema.safeParse(parseJson(text ?? '')).data

export const packReading = (state: ReadingState): string => JSON.stringify(state)

/** What rows of one file more call KBs, added to what those before did. */
export function withNames(
  known: ReadingState['names'],
  more: readonly { kbId: string; url: string | null; names: readonly (readonly [string, number])[] }[],
): ReadingState['names'] {
  const all = new Map(known.map(([kbId, url, names]) => [kbId, { url, names: new Map(names) }]))
  for (const { kbId, url, names } of more) {
    const kb = all.get(kbId) ?? { url: null, names: new Map<string, number>() }
    for (const [name, rows] of names) kb.names.set(name, (kb.names.get(name) ?? 0) + rows)
    all.set(kbId, { url: kb.url ?? url, names: kb.names })
  }
  return [...all].map(([kbId, { url, names }]) => [kbId, url, [...names]])
}

/** Each KB by the name that most rows give it: a single one may call it by another month. */
export function namesOf(state: Pick<ReadingState, 'names'>): Map<string, ExportedKbName> {
  return new Map(
    state.names.map(([kbId, url, names]) => {
      const [most] = [...names].sort(([one, rows], [other, otherRows]) => otherRows - rows || byText(one, other))
      return [kbId, { kbName: most?.[0] ?? null, url }]
    }),
  )
}

/** What was found wanting in the files themselves. */
export function doubtsOfFiles({ brokenLines, rows }: Pick<ReadingState, 'brokenLines' | 'rows'>): ExportDoubt[] {
  if (brokenLines === 0) return []
  return [
    {
      code: 'exportBrokenLines',
      detail: `${brokenLines} lines beside ${rows} rows cannot be read: what they said is not known, and nothing is closed`,
    },
  ]
}
