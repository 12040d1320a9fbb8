import { z } from 'zod'
import { assessmentNow } from '../../domain/index.ts'
import { withBehind } from '../../history/machine-facts.ts'
import { defineRoute } from '../define-route.ts'
import { machineIdParameter, query } from '../parameter.ts'
import { latestSnapshotId, requireMachine } from '../resolve.ts'
import { behindShape, toBehind } from '../shapes/behind.ts'
import { gapShape, toOpenGap } from '../shapes/gap.ts'
import { machineSchema, toMachine } from '../shapes/machine.ts'
import { instant } from '../shapes/values.ts'

const oneMachine = z
  .object({
    ...machineSchema.shape,
    osBuild: z.string().nullable(),
    onboardingStatus: z.string().nullable(),
    firstSeen: instant.nullable(),
    aadDeviceId: z.string().nullable(),
    machineTags: z.array(z.string()),
    ...behindShape,
    assessed: z
      .boolean()
      .describe('Whether it was assessed by the snapshot that dealt with it last: if not, `missing` is what was known before.'),
    ...gapShape,
  })
  .describe('A machine as Defender listed it last, and whether what is said of it has a witness.')

export const machineRoute = defineRoute({
  name: 'machine',
  method: 'GET',
  path: 'machines/{machineId}',
  summary: 'One machine.',
  authLevel: 'function',
  query: query({}),
  params: z.strictObject({ machineId: machineIdParameter }),
  responses: { 200: oneMachine },
  async handle(opened, { params: { machineId } }) {
    const row = await requireMachine(opened, machineId)
    const { osBuild, onboardingStatus, firstSeen, aadDeviceId, machineTags } = row
    const assessment = assessmentNow(row)
    const [found] = await withBehind([row], opened, await latestSnapshotId(opened))
    const json = {
      ...toMachine(row),
      ...{ osBuild, onboardingStatus, firstSeen, aadDeviceId, machineTags: [...machineTags] },
      ...toBehind(found?.behind),
      assessed: assessment.assessed === true,
      ...toOpenGap(assessment),
    }
    return { status: 200, json }
  },
})
