import { Type } from 'typebox'
import { schemasOf, settingsIn } from '../../../platform/acts/settings.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { settingsSection } from '../../../platform/manifest/settings-section.ts'
import { setAgent } from '../corp-admin.ts'
import { type Corps, setCorp, unknownAgent } from '../corps.ts'
import { isOn } from '../features/check-on.ts'
import { switchFeatures } from '../features/switch.ts'
import { corpSettings } from '../settings.ts'
import { agentSettingsShape } from './settings-shape.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

export const corpSection = settingsSection({
  shape: Type.Object(schemasOf(corpSettings), { additionalProperties: false }),
  read: async ({ corps }: Needs, corpId) => [settingsIn(corpSettings, corps.get(corpId))],
  set: (ctx, actor, corpId, _key, change) => setCorp(ctx, actor, corpId, change),
})

/** Which features are on, by their names. */
export const featureSection = settingsSection({
  shape: ({ offered }: Needs) =>
    Type.Object(Object.fromEntries([...offered.optional.keys()].map(name => [name, Type.Boolean()])), {
      additionalProperties: false,
    }),
  read: async (ctx: Needs, corpId) => [
    Object.fromEntries([...ctx.offered.optional.keys()].map(name => [name, isOn(ctx, corpId, name)])),
  ],
  set: (ctx, actor, corpId, _key, change) =>
    switchFeatures(ctx, actor, corpId, change as Record<string, boolean>),
})

export const agentSection = settingsSection({
  key: 'agentId',
  shape: Type.Object({ agentId: Type.Integer(), ...agentSettingsShape }, { additionalProperties: false }),
  read: async ({ corps }: Needs, corpId) =>
    corps.get(corpId).agents.map(({ agentId, name, uses }) => ({ agentId, name, uses: [...uses] })),
  add: {
    zh: '没有这个企业微信应用，它的密钥不在文件里：请先执行 wisp agent add',
    en: 'there is no such agent, and its secret is not in the file: run wisp agent add first',
  },
  async set(ctx, actor, corpId, key, change) {
    const agent = ctx.corps.get(corpId).agents.find(one => String(one.agentId) === key)
    if (!agent) throw unknownAgent(Number(key))
    const { agentId, name, uses } = agent
    await setAgent(ctx, actor, corpId, { agentId, name, uses, ...change, secret: undefined }, undefined)
  },
})
