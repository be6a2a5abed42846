import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { requiredText } from '../../../platform/command/parts.ts'
import { table } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { corpOf, corpPart } from '../commands/corp-parts.ts'
import type { Corps } from '../corps.ts'
import { isOn } from './check-on.ts'
import { nextStep } from './check-ready.ts'
import { switchFeatures } from './switch.ts'

type Needs = Core & { corps: Corps; offered: FeatureOffers }

const feature = requiredText('<feature>', '功能的名字，见 feature list')

const stateOf = ({ isOn, next }: { isOn: boolean; next: string }) =>
  isOn ? (next ? '已开启，未就绪' : '已开启') : '已关闭'

const list = command({
  path: 'feature list',
  point: 'corp:read',
  summary: '列出可以开关的功能',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const corpId = corpOf(ctx, corp)
    const data = [...ctx.offered.optional.values()].map(({ name, title, brings }) => ({
      feature: name,
      title: title.zh,
      brings: brings.zh,
      isOn: isOn(ctx, corpId, name),
      next: nextStep(ctx, corpId, name)?.fix.zh ?? '',
    }))
    const rows = data.map(one => [one.feature, one.title, stateOf(one), one.next || one.brings])
    return { data, text: table(['名字', '功能', '状态', '内容或下一步'], rows) }
  },
})

const on = command({
  path: 'feature on',
  point: 'corp:feature',
  summary: '开启一个功能',
  parts: { feature, corp: corpPart },
  async run(ctx: Needs, input) {
    const corpId = corpOf(ctx, input.corp)
    await switchFeatures(ctx, actor, corpId, { [input.feature]: true })
    const next = nextStep(ctx, corpId, input.feature)?.fix.zh ?? ''
    const data = { corpId, feature: input.feature, isOn: true, next }
    return { data, text: [`已开启 ${input.feature}`, ...(next ? [`下一步：${next}`] : [])].join('\n') }
  },
})

const off = command({
  path: 'feature off',
  point: 'corp:feature',
  summary: '关闭一个功能；数据保留，已开始的会做完',
  parts: { feature, corp: corpPart },
  async run(ctx: Needs, input) {
    const corpId = corpOf(ctx, input.corp)
    await switchFeatures(ctx, actor, corpId, { [input.feature]: false })
    const goesOn = (await ctx.offered.optional.get(input.feature)?.goesOn(corpId)) ?? []
    const lines = [`已关闭 ${input.feature}`, ...goesOn.map(words => words.zh)]
    return { data: { corpId, feature: input.feature, isOn: false }, text: lines.join('\n') }
  },
})

export const featureCommands = [list, on, off]
