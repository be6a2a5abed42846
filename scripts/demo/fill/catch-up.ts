import { createContext } from '../../../server/context.ts'
import { readConfig } from '../../../server/platform/config.ts'
import { createLog } from '../../../server/platform/operation/log.ts'
import { sandboxInfo } from '../sandbox-control.ts'
import { setUpAgents } from './agents.ts'
import { connectCompat } from './compat.ts'
import { connectLdap } from './ldap.ts'
import { bindOfficialAccounts } from './official-accounts.ts'
import { connectPayments } from './payments.ts'
import { connectSecondCorp } from './second-corp.ts'

// For the data directory of a version whose agents heard nothing, that bound no official accounts, connected no merchant, had one corp alone, took no calls in WeCom's form, or had no LDAP.
const actor = 'cli'
const ctx = await createContext(readConfig(process.env), { log: createLog('error') })
const info = await sandboxInfo(process.env['WISP_WECOM_URL'] ?? '')
const agents = await setUpAgents(ctx, actor, info.corpId)
const official = await bindOfficialAccounts(ctx, actor, info)
const pay = await connectPayments(ctx, actor, info, process.env['WISP_DEMO_DEV_ID'] ?? '')
// Another secret would end the one that programs use.
const compat =
  process.env['WISP_DEMO_KNOWS_COMPAT'] === 'yes'
    ? undefined
    : await connectCompat(ctx, actor, info.corpId, process.env['WISP_DEMO_DEV_ID'] ?? '')
const ldap =
  process.env['WISP_DEMO_KNOWS_LDAP'] === 'yes' ? undefined : await connectLdap(ctx, actor, info.corpId)
const second = await connectSecondCorp(ctx, process.env['WISP_DEMO_SECOND_URL'] ?? '')
await ctx.close()
process.send?.({ agents, official, pay, second, compat, ldap }, () => process.exit(0))
