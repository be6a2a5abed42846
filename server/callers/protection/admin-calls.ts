import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import { structured } from '../../platform/http/input.ts'
import type { Protection } from './protection.ts'
import { setCorpProtection, setInstallationProtection } from './set-protection.ts'
import {
  corpProtectionShape,
  installationProtectionShape,
  standardOfCorp,
  standardOfInstallation,
} from './settings.ts'

type Needs = Core & { corps: Corps; protection: Protection }

const ofCorp = Type.Object({ protection: corpProtectionShape })
const ofInstallation = Type.Object({ protection: installationProtectionShape })
const changes = { zh: '要修改的项', en: 'What changes' }
const saidOfChanges = {
  zh: '只写要修改的项。`consoleNetworks` 应包含调用者自己的地址。',
  en: "Give what changes. `consoleNetworks` has to contain the caller's own address.",
}

export const adminReadProtection = adminCall({
  method: 'GET',
  path: '/api/admin/protection',
  summary: { zh: '查看企业的登录保护', en: 'Get the sign-in protection of a corp' },
  scope: 'admin:read',
  point: 'sign-in:read',
  reach: 'corp',
  input: {},
  output: ofCorp,
  errors: [],
  sample: { protection: standardOfCorp },
  handle: async ({ protection }: Needs, { corpId }) => ({ protection: protection.ofCorp(corpId) }),
})

export const adminSetProtection = adminCall({
  method: 'POST',
  path: '/api/admin/protection/set',
  summary: { zh: '设置企业的登录保护', en: 'Set the sign-in protection of a corp' },
  description: saidOfChanges,
  scope: 'admin:sync',
  point: 'sign-in:protect',
  reach: 'corp',
  input: {
    protection: structured(changes, Type.Partial(corpProtectionShape, { additionalProperties: false })),
  },
  output: ofCorp,
  errors: [],
  sample: { protection: standardOfCorp },
  sampleInput: { protection: { adminIdleMinutes: 30, watermark: true } },
  async handle(ctx: Needs, { corpId, input, caller }) {
    await setCorpProtection(ctx, caller.actor, corpId, input.protection)
    return { protection: ctx.protection.ofCorp(corpId) }
  },
})

export const adminReadInstallationProtection = adminCall({
  method: 'GET',
  path: '/api/admin/installation/protection',
  summary: {
    zh: '查看系统超级管理员的登录保护',
    en: 'Get the sign-in protection of the system super administrator',
  },
  scope: 'admin:read',
  point: 'installation:read',
  reach: 'installation',
  input: {},
  output: ofInstallation,
  errors: [],
  sample: { protection: standardOfInstallation },
  handle: async ({ protection }: Needs) => ({ protection: protection.ofInstallation() }),
})

export const adminSetInstallationProtection = adminCall({
  method: 'POST',
  path: '/api/admin/installation/protection/set',
  summary: {
    zh: '设置系统超级管理员的登录保护',
    en: 'Set the sign-in protection of the system super administrator',
  },
  description: saidOfChanges,
  scope: 'admin:sync',
  point: 'installation:protect',
  reach: 'installation',
  input: {
    protection: structured(
      changes,
      Type.Partial(installationProtectionShape, { additionalProperties: false }),
    ),
  },
  output: ofInstallation,
  errors: [],
  sample: { protection: standardOfInstallation },
  sampleInput: { protection: { passwordKinds: 3, passwordDays: 90 } },
  async handle(ctx: Needs, { input, caller }) {
    await setInstallationProtection(ctx, caller.actor, input.protection)
    return { protection: ctx.protection.ofInstallation() }
  },
})
