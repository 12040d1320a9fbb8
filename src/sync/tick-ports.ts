import type { Config } from '../config/index.ts'
import type { DefenderClient } from '../defender/index.ts'
import type { Outside } from '../outside.ts'
import type { Store } from '../store/index.ts'

/** What a tick works with; the program's services fit. */
export interface TickPorts {
  config: Config
  store: Store
  defender: DefenderClient
  outside: Outside
}
