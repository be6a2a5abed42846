import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { tokenCommands } from './commands.ts'
import { tokenGrants } from './granted-store.ts'
import { createIdentify, type IdentifyAdmin } from './identify.ts'
import { endTokensOf } from './make-token.ts'
import { adminTokenPersonal, adminTokenRetention } from './retention.ts'
import * as tokens from './token-calls.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors; roles: Roles; sessions: Sessions }
type Services = { identifyAdmin: IdentifyAdmin }

/** Tokens with which programs manage wisp in the place of a super administrator. */
export const adminTokensFeature = feature<Needs, Services>()({
  name: 'admin-tokens',
  pageCalls: [tokens.tokenList, tokens.tokenAdd, tokens.tokenEnd],
  commands: tokenCommands,
  commandGroups: { 'admin token': { zh: '列出和停用管理令牌', en: 'List and revoke admin tokens' } },
  personal: adminTokenPersonal,
  grants: [tokenGrants],
  tables: adminTokenRetention,
  factorReset: endTokensOf,
  create: ctx => ({ identifyAdmin: createIdentify(ctx) }),
})
