import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { command } from '../../platform/command/command.ts'
import { table } from '../../platform/command/text.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { assess } from './assess.ts'
import { adminCompliance, readCompliance } from './compliance-calls.ts'
import type { AssessNeeds } from './state.ts'

const words = { met: '符合', partly: '部分符合', not: '不符合', outside: '平台之外' }

const compliance = command({
  path: 'compliance',
  point: 'audit:read',
  summary: '等保自查：按 GB/T 22239-2019 第三级逐条列出符合与否、在哪里设置',
  details: '只看与平台有关的条款和当前的设置，不能代替测评。',
  parts: { corp: corpPart },
  async run(ctx: AssessNeeds, { corp }) {
    const { list, counts } = await assess(ctx, corpOf(ctx, corp))
    const rows = list.map(({ clause, verdict, asks, why, place }) => [
      clause,
      words[verdict],
      `${asks.zh}：${why.zh}${place ? `（${place.zh}）` : ''}`,
    ])
    const sum = `符合 ${counts.met}，部分符合 ${counts.partly}，不符合 ${counts.not}，平台之外 ${counts.outside}`
    return { data: { list, counts }, text: `${table(['条款', '结论', '说明'], rows)}\n${sum}` }
  },
})

/** The self-check against GB/T 22239-2019 level 3 (等保自查): what wisp does about each clause, by the present state. */
export const complianceFeature = feature<AssessNeeds>()({
  name: 'compliance',
  pageCalls: [readCompliance],
  adminCalls: [adminCompliance],
  commands: [compliance],
})
