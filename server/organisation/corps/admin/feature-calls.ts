import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { structured, text } from '../../../platform/http/input.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { wordsIn } from '../../../platform/words.ts'
import type { Corps } from '../corps.ts'
import { isOn } from '../features/check-on.ts'
import { nextStep } from '../features/check-ready.ts'
import { switchFeatures } from '../features/switch.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

export const adminFeatures = adminCall({
  method: 'GET',
  path: '/api/admin/features',
  summary: { zh: '可以开关的功能', en: 'Features that can be switched' },
  scope: 'admin:read',
  point: 'corp:read',
  reach: 'corp',
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        feature: Type.String({ about: { zh: '名字', en: 'Name' } }),
        title: Type.String(),
        isOn: Type.Boolean({ about: { zh: '是否开启', en: 'Whether it is on' } }),
        next: Type.String({
          about: {
            zh: '开启后还须配置什么、在哪里；可用或未开启时为空',
            en: 'What has to be set up before it works, and where; empty when it works or is off',
          },
        }),
      }),
    ),
  }),
  errors: [],
  sample: { list: [{ feature: 'payments', title: '统一支付', isOn: true, next: '' }] },
  handle: (ctx: Needs, { corpId, language }) => ({
    list: [...ctx.offered.optional.values()].map(({ name, title }) => ({
      feature: name,
      title: wordsIn(language, title),
      isOn: isOn(ctx, corpId, name),
      next: wordsIn(language, nextStep(ctx, corpId, name)?.fix ?? ''),
    })),
  }),
})

export const adminSwitchFeature = adminCall({
  method: 'POST',
  path: '/api/admin/feature/set',
  summary: { zh: '开启或关闭功能', en: 'Switch a feature on or off' },
  scope: 'admin:apps',
  point: 'corp:feature',
  reach: 'corp',
  input: {
    feature: text({ zh: '功能的名字', en: 'Name of the feature' }, { max: 40 }),
    on: structured({ zh: 'true 开启，false 关闭', en: 'true: on, false: off' }, Type.Boolean()),
  },
  output: Type.Object({}),
  errors: [],
  sample: {},
  sampleInput: { feature: 'payments', on: true },
  async handle(ctx: Needs, { corpId, input, caller }) {
    await switchFeatures(ctx, caller.actor, corpId, { [input.feature]: input.on })
    return {}
  },
})
