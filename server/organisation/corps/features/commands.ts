import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
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

const feature = requiredText('<feature>', {
  zh: '功能的名字，见 feature list',
  en: 'name of the feature, see feature list',
})

const stateOf = ({ isOn, next }: { isOn: boolean; next: string }) =>
  isOn
    ? next
      ? said({ zh: '已开启，未就绪', en: 'on, not ready' })
      : said({ zh: '已开启', en: 'on' })
    : said({ zh: '已关闭', en: 'closed' })

const list = command({
  path: 'feature list',
  point: 'corp:read',
  summary: { zh: '列出可以开关的功能', en: 'List the features that can be switched on and off' },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const corpId = corpOf(ctx, corp)
    const data = [...ctx.offered.optional.values()].map(({ name, title, brings }) => ({
      feature: name,
      title: said(title),
      brings: said(brings),
      isOn: isOn(ctx, corpId, name),
      next: said(nextStep(ctx, corpId, name)?.fix ?? ''),
    }))
    const rows = data.map(one => [one.feature, one.title, stateOf(one), one.next || one.brings])
    return {
      data,
      text: table(
        [
          { zh: '名字', en: 'Name' },
          { zh: '功能', en: 'Feature' },
          { zh: '状态', en: 'State' },
          { zh: '内容或下一步', en: 'Content or next step' },
        ],
        rows,
      ),
    }
  },
})

const on = command({
  path: 'feature on',
  point: 'corp:feature',
  summary: { zh: '开启一个功能', en: 'Switch a feature on' },
  parts: { feature, corp: corpPart },
  async run(ctx: Needs, input) {
    const corpId = corpOf(ctx, input.corp)
    await switchFeatures(ctx, actor, corpId, { [input.feature]: true })
    const next = said(nextStep(ctx, corpId, input.feature)?.fix ?? '')
    const data = { corpId, feature: input.feature, isOn: true, next }
    return {
      data,
      text: [
        said({ zh: `已开启 ${input.feature}`, en: `${input.feature} is on` }),
        ...(next ? [said({ zh: `下一步：${next}`, en: `next step: ${next}` })] : []),
      ].join('\n'),
    }
  },
})

const off = command({
  path: 'feature off',
  point: 'corp:feature',
  summary: {
    zh: '关闭一个功能；数据保留，已开始的会做完',
    en: 'Switch a feature off; data stays, what has begun is finished',
  },
  details: {
    zh: '还有未完成的支付或退款时不能关闭支付，有开发者必须加密调用时不能关闭报文加密；错误信息说明原因。',
    en: 'Payments stay on while an order or a refund is open, packets while a developer must encrypt its calls; the error says so.',
  },
  parts: { feature, corp: corpPart },
  async run(ctx: Needs, input) {
    const corpId = corpOf(ctx, input.corp)
    await switchFeatures(ctx, actor, corpId, { [input.feature]: false })
    const goesOn = (await ctx.offered.optional.get(input.feature)?.goesOn(corpId)) ?? []
    const lines = [
      said({ zh: `已关闭 ${input.feature}`, en: `${input.feature} is off` }),
      ...goesOn.map(said),
    ]
    return { data: { corpId, feature: input.feature, isOn: false }, text: lines.join('\n') }
  },
})

export const featureCommands = [list, on, off]
