import { readConfig } from '../../server/config.ts'
import { createContext } from '../../server/context.ts'
import { createLog } from '../../server/operation/log.ts'
import { bindOfficialAccounts } from './official-accounts.ts'
import { sandboxInfo } from './sandbox-control.ts'

// For the data directory of a version that bound no official accounts at its first start.
const ctx = await createContext(readConfig(process.env), { log: createLog('error') })
const info = await sandboxInfo(process.env['WISP_WECOM_URL'] ?? '')
const official = await bindOfficialAccounts(ctx, 'npm start', info)
await ctx.close()
process.send?.(official, () => process.exit(0))
