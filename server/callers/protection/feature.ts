import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import * as management from './admin-calls.ts'
import { protectionCommands } from './commands.ts'
import { createProtection, type Protection } from './protection.ts'
import * as calls from './protection-calls.ts'
import { setCorpProtection } from './set-protection.ts'
import { corpProtectionShape } from './settings.ts'

type Needs = Core & { corps: Corps }

const section = settingsSection({
  shape: corpProtectionShape,
  read: async ({ protection }: Needs & { protection: Protection }, corpId) => [protection.ofCorp(corpId)],
  set: (ctx, actor, corpId, _key, change) => setCorpProtection(ctx, actor, corpId, change),
})

/**
 * What assessors ask of every system, as settings: rules for the local password, networks of the console, sessions of a person, notice of
 * a new device, watermark. The rooms of sessions and sign-in, and the gate, ask it; what it means for GB/T 22239 says the room of compliance.
 */
export const protectionFeature = feature<Needs, { protection: Protection }>()({
  name: 'protection',
  pageCalls: [
    calls.readProtection,
    calls.saveProtection,
    calls.readInstallationProtection,
    calls.saveInstallationProtection,
  ],
  adminCalls: [
    management.adminReadProtection,
    management.adminSetProtection,
    management.adminReadInstallationProtection,
    management.adminSetInstallationProtection,
  ],
  commands: protectionCommands,
  settings: { protection: section },
  tables: [{ table: 'corp_protection', isBounded: true, because: 'one row per corp' }],
  create: ctx => ({ protection: createProtection(ctx) }),
  readers: ({ protection }) => [protection],
})
