import { Type } from 'typebox'
import { checkDeveloper } from '../../../callers/developers/console/developers.ts'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { owner, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Apps } from '../../apps/catalog.ts'
import { compatOf, compatShape } from '../overview.ts'
import { revokeCompatSecret, rotateCompatSecret } from '../secrets/change-secrets.ts'

type Needs = Core & { apps: Apps; corps: Corps; developers: Developers; offered: FeatureOffers }

const devId = text('devId', { max: 64 })

export const readCompat = pageCall({
  method: 'GET',
  path: '/web/developers/compat',
  access: owner,
  point: 'developer:read',
  input: { devId },
  output: Type.Object(compatShape),
  async handle(ctx: Needs, { corpId, input }) {
    checkDeveloper(ctx, corpId, input.devId)
    return compatOf(ctx, input.devId)
  },
})

/** Creates a second secret beside the present one, which is shown once. A third is refused. */
export const addCompatSecret = pageCall({
  method: 'POST',
  path: '/web/developers/compat/add-secret',
  access: owner,
  point: 'developer:secret',
  input: { devId },
  output: Type.Object({ corpsecret: Type.String() }),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    checkDeveloper(ctx, corpId, input.devId)
    const { devId } = input
    const { corpsecret } = await rotateCompatSecret(ctx, visitor.actor, devId, false, visitor.member?.id)
    return { corpsecret }
  },
})

export const revokeCompatSecretCall = pageCall({
  method: 'POST',
  path: '/web/developers/compat/revoke-secret',
  access: owner,
  point: 'developer:secret',
  input: { devId, secretId: text('密钥编号', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, input, visitor }) {
    checkDeveloper(ctx, corpId, input.devId)
    await revokeCompatSecret(ctx, visitor.actor, input.devId, input.secretId)
    return {}
  },
})
