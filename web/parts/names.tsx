import { usePage } from '../state/page.ts'
import { Link } from './link.tsx'

interface MachineName {
  machineId: string
  computerDnsName: string | null
}

/** What a machine is called; one without a name by the beginning of its id. */
export const machineName = ({ machineId, computerDnsName }: MachineName): string =>
  computerDnsName === null || computerDnsName === '' ? `(no name) ${machineId.slice(0, 8)}` : computerDnsName

/** A machine by its name. */
export function MachineLink(machine: MachineName) {
  const { hrefOf } = usePage()
  return (
    <Link href={hrefOf('machine', { machineId: machine.machineId })} class="machine">
      <Name name={machineName(machine)} />
    </Link>
  )
}

/** The domain of an ordinary name is left out where there is no room. `bdi`: any other may turn the direction of what follows. */
function Name({ name }: { name: string }) {
  const { isNarrow } = usePage()
  const [, host] = /^([\w-]+)\.[\w.-]+$/.exec(name) ?? []
  if (host === undefined) return <bdi>{name}</bdi>
  return <>{isNarrow ? host : name}</>
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
