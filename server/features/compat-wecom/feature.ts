/**
 * WeCom's own calls for sending, answered by wisp: programs that know only those send through wisp when their base address is changed.
 * routes.ts takes a request, enter.ts says whose it is, calls.ts lists the calls, message/ makes wisp's messages of theirs, answer.ts words
 * refusals as WeCom does. secrets/ are the compat secrets and their access_tokens.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { createGate } from '../../callers/gate/api-gate.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { feature } from '../../platform/manifest/feature.ts'
import * as admin from './admin/compat-calls.ts'
import type { CallsNeeds } from './calls.ts'
import { compatCommands } from './commands.ts'
import * as console from './console/compat-calls.ts'
import { compatFeature } from './names.ts'
import { compatPersonal, compatRetention } from './retention.ts'
import { registerCompat } from './routes.ts'
import { type CompatSecrets, createCompatSecrets } from './secrets/secrets.ts'

type Needs = Core &
  CallsNeeds &
  Parameters<typeof createGate>[0] & { bodies: BodiesInProgress; corps: Corps; developers: Developers }

export const compatWecomFeature = feature<Needs, { compatSecrets: CompatSecrets }>()({
  name: compatFeature,
  optional: {
    title: { zh: '兼容企业微信接口', en: 'WeCom-compatible API' },
    brings: {
      zh: '旧系统改地址即可发送',
      en: "Systems that already send by WeCom's API change only address and secret, and are in the one log",
    },
    whenOff: ['/web/developers/compat/revoke-secret'],
  },
  adminCalls: [admin.adminCompat, admin.adminRotateCompat, admin.adminRevokeCompat],
  pageCalls: [console.readCompat, console.addCompatSecret, console.revokeCompatSecretCall],
  routes: registerCompat,
  commands: compatCommands,
  commandGroups: {
    'developer compat': {
      zh: '显示、更换和吊销旧系统使用的兼容密钥',
      en: 'Show, replace and revoke the compatibility secrets of old systems',
    },
  },
  personal: compatPersonal,
  tables: compatRetention,
  kept: [{ of: 'developer', table: 'compat_secret', column: 'dev_id' }],
  create: ctx => ({ compatSecrets: createCompatSecrets(ctx) }),
  readers: ({ compatSecrets }) => [compatSecrets],
})
