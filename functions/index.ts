import './setup.ts'
import './health.ts'
import './openapi.ts'
import './snapshot-unknown.ts'
import './snapshot.ts'
import './snapshots.ts'
import './sync.ts'

export { useOutside } from '../src/program.ts'
