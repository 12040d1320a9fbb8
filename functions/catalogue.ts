import { app } from '@azure/functions'
import { hasCatalogue } from '../src/config/index.ts'
import { keepParserLean } from '../src/lean-heap.ts'
import { openProgram } from '../src/program.ts'

// Every hour, of which most only look: what failed is tried again in hours. A tick says what is wrong with the configuration.
if (hasCatalogue(process.env))
  app.timer('catalogue', {
    schedule: '0 7 * * * *',
    handler: async () => {
      keepParserLean()
      const program = openProgram()
      if (program.kind !== 'ready') return
      // A chunk of its own, so that a tick's cold start does not read it.
      const { refreshCatalogue } = await import('../src/catalogue/index.ts')
      await refreshCatalogue(program.services)
    },
  })
