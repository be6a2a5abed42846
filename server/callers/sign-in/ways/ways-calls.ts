import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import {
  flag,
  integer,
  optionalStructured,
  optionalText,
  structured,
  text,
} from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { hasPlace } from '../passkeys/place.ts'
import { insideDaysAtMost, offeredWays, saveWays } from './ways.ts'
import { readWays, wayNames } from './ways-store.ts'

const waysSchema = Type.Array(Type.Enum([...wayNames]), { maxItems: wayNames.length })

const settingsSchema = Type.Object({
  ways: waysSchema,
  smsTemplate: Type.String(),
  othersFirst: Type.Boolean(),
  insideDays: Type.Number(),
  crowdNetworks: Type.Array(Type.String()),
  version: Type.String(),
  /** Templates that can carry a code; none before the SMS channel is set up. */
  templates: Type.Array(Type.Object({ id: Type.String(), text: Type.String() })),
  /** At the corp's address browsers can make and use passkeys. */
  hasPasskeyAddress: Type.Boolean(),
  /** WeCom does not answer at this moment. */
  isAway: Type.Boolean(),
  /** As the sign-in page shows them now. */
  shown: waysSchema,
})
export type WaysOfCorp = Static<typeof settingsSchema>

type Needs = Core & { corps: Corps; offered: FeatureOffers }

export const waysRead = pageCall({
  method: 'GET',
  path: '/web/console/sign-in-ways',
  access: administrator('super'),
  point: 'sign-in:read',
  input: {},
  output: settingsSchema,
  async handle(ctx: Needs, { corpId }) {
    const [settings, offered] = await Promise.all([readWays(ctx.db, corpId), offeredWays(ctx)])
    const { ways: shown, isAway } = offered(corpId)
    const templates = [...ctx.offered.smsCodes.templates(corpId)]
    const hasPasskeyAddress = hasPlace(ctx, corpId)
    return { ...settings, version: versionOf(settings), templates, hasPasskeyAddress, isAway, shown }
  },
})

export const waysSave = pageCall({
  method: 'POST',
  path: '/web/console/sign-in-ways/save',
  access: administrator('super'),
  point: 'sign-in:edit',
  input: {
    ways: structured('登录方式，按顺序', waysSchema),
    smsTemplate: optionalText('验证码短信模板', { max: 64 }),
    othersFirst: flag('企业微信没有响应时其他方式在前'),
    insideDays: integer('企业微信内保持登录的天数', { min: 0, max: insideDaysAtMost }),
    crowdNetworks: optionalStructured(
      '很多人共用的网络（IP 或网段）；不给出则不变',
      Type.Array(Type.String({ maxLength: 64 }), { maxItems: 200 }),
    ),
    version: text('表单的版本', { max: 64 }),
  },
  output: Type.Object({}),
  async handle(ctx: Needs, { input: { version, smsTemplate = '', ...given }, visitor, corpId }) {
    const { crowdNetworks, ...rest } = given
    const networks = crowdNetworks === undefined ? {} : { crowdNetworks }
    await saveWays(ctx, visitor.actor, corpId, { ...rest, ...networks, smsTemplate }, version)
    return {}
  },
})
