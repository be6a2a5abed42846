import { createContext } from '../../../server/context.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'
import { sandboxInfo } from '../sandbox-control.ts'
import { fillWithSampleCorp, type SetupResult } from './sample-corp.ts'
import { connectSecondCorp } from './second-corp.ts'

async function setUp(sandboxUrl: string, secondUrl: string): Promise<SetupResult> {
  const config = readConfig(process.env)
  // The database is prepared while the sandbox starts.
  const [ctx, info] = await Promise.all([
    createContext(config, { log: createLog('error') }),
    sandboxInfo(sandboxUrl),
  ])
  try {
    const result = await fillWithSampleCorp(ctx, info)
    return { ...result, second: await connectSecondCorp(ctx, secondUrl) }
  } finally {
    await ctx.close()
  }
}

// The process must end by exit() after its result is sent: closing the channel would make the leash stop it
// with an error.
try {
  const done = await setUp(process.env['WISP_WECOM_URL'] ?? '', process.env['WISP_DEMO_SECOND_URL'] ?? '')
  process.send?.({ done }, () => process.exit(0))
} catch (error) {
  console.error(error)
  process.exit(1)
}
