import { usePage } from '../state/page.ts'
import { Link } from './link.tsx'

interface MachineName {
  machineId: string
  computerDnsName: string | null
}

/** A machine by its name; one without says so, with the beginning of its id. `bdi`: a name may turn the direction of what follows. */
export function MachineLink({ machineId, computerDnsName }: MachineName) {
  const { hrefOf } = usePage()
  const name = computerDnsName === null || computerDnsName === '' ? `(no name) ${machineId.slice(0, 8)}` : computerDnsName
  return (
    <Link href={hrefOf('machine', { machineId })} class="machine">
      <bdi>{name}</bdi>
    </Link>
  )
}

/** A KB by its id, and its name where one is known. */
export function KbLink({ kbId, kbName }: { kbId: string; kbName: string | null }) {
  const { hrefOf } = usePage()
  return (
    <>
      <Link href={hrefOf('kb', { kbId })} class="kb">
        KB{kbId}
      </Link>
      {kbName !== null && <bdi class="kb-name"> {kbName}</bdi>}
    </>
  )
}

/** A group by its name; machines without one are a group too. */
export function GroupName({ name }: { name: string | null }) {
  return name === null || name === '' ? <em>no group</em> : <bdi>{name}</bdi>
}
