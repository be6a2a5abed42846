import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import { fieldsOf } from '../../platform/acts/settings.ts'
import { givenOnly } from '../../platform/command/command.ts'
import type { Core } from '../../platform/core.ts'
import { versionOf } from '../../platform/http/form-version.ts'
import { text } from '../../platform/http/input.ts'
import { administrator, installation, pageCall } from '../../platform/http/page-call.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import type { Protection } from './protection.ts'
import { setCorpProtection, setInstallationProtection } from './set-protection.ts'
import {
  corpProtectionSettings,
  corpProtectionShape,
  installationProtectionSettings,
  installationProtectionShape,
} from './settings.ts'

type Needs = Core & { corps: Corps; protection: Protection }

const version = text('打开表单时的 version', { max: 64 })
/** The address from which this page is read, as wisp sees it. */
const address = Type.String()

export const readProtection = pageCall({
  method: 'GET',
  path: '/web/console/protection',
  access: administrator('super'),
  point: 'sign-in:read',
  input: {},
  output: Type.Object({ version: Type.String(), settings: corpProtectionShape, address }),
  async handle({ protection }: Needs, { corpId, request }) {
    const settings = protection.ofCorp(corpId)
    return { version: versionOf(settings), settings, address: callerAddress(request) }
  },
})

export const saveProtection = pageCall({
  method: 'POST',
  path: '/web/console/protection/save',
  access: administrator('super'),
  point: 'sign-in:protect',
  input: { version, ...fieldsOf(corpProtectionSettings) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input: { version, ...given }, visitor, corpId }) {
    await setCorpProtection(ctx, visitor.actor, corpId, listed(givenOnly(given)), version)
    return {}
  },
})

export const readInstallationProtection = pageCall({
  method: 'GET',
  path: '/web/installation/protection',
  access: installation,
  point: 'installation:read',
  input: {},
  output: Type.Object({ version: Type.String(), settings: installationProtectionShape, address }),
  async handle({ protection }: Needs, { request }) {
    const settings = protection.ofInstallation()
    return { version: versionOf(settings), settings, address: callerAddress(request) }
  },
})

export const saveInstallationProtection = pageCall({
  method: 'POST',
  path: '/web/installation/protection/save',
  access: installation,
  point: 'installation:protect',
  input: { version, ...fieldsOf(installationProtectionSettings) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input: { version, ...given }, visitor }) {
    await setInstallationProtection(ctx, visitor.actor, listed(givenOnly(given)), version)
    return {}
  },
})

/** Inputs are read-only, settings are not. */
function listed<G extends { consoleNetworks?: readonly string[] | undefined }>(given: G) {
  const { consoleNetworks, ...rest } = given
  return { ...rest, ...(consoleNetworks === undefined ? {} : { consoleNetworks: [...consoleNetworks] }) }
}
