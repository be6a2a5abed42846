import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { command } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
import { table } from '../../platform/command/text.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { assess } from './assess.ts'
import { adminCompliance, readCompliance } from './compliance-calls.ts'
import type { AssessNeeds } from './state.ts'

const words = {
  met: { zh: '符合', en: 'met' },
  partly: { zh: '部分符合', en: 'partly met' },
  not: { zh: '不符合', en: 'not met' },
  outside: { zh: '平台之外', en: 'outside of wisp' },
}

const compliance = command({
  path: 'compliance',
  point: 'audit:read',
  summary: {
    zh: '等保自查：按 GB/T 22239-2019 第三级逐条列出符合与否、在哪里设置',
    en: 'Check a corp against GB/T 22239-2019 level 3, clause by clause: met or not, and where it is set',
  },
  details: {
    zh: '只看与平台有关的条款和当前的设置，不能代替测评。',
    en: 'It looks only at clauses that concern wisp and at the present settings; it does not replace an assessment.',
  },
  parts: { corp: corpPart },
  async run(ctx: AssessNeeds, { corp }) {
    const { list, counts } = await assess(ctx, corpOf(ctx, corp))
    const rows = list.map(({ clause, verdict, asks, why, place }) => [
      clause,
      words[verdict],
      said({
        zh: `${asks.zh}：${why.zh}${place ? `（${place.zh}）` : ''}`,
        en: `${asks.en}: ${why.en}${place ? ` (${place.en})` : ''}`,
      }),
    ])
    const sum = said({
      zh: `符合 ${counts.met}，部分符合 ${counts.partly}，不符合 ${counts.not}，平台之外 ${counts.outside}`,
      en: `met ${counts.met}, partly met ${counts.partly}, not met ${counts.not}, outside of wisp ${counts.outside}`,
    })
    return {
      data: { list, counts },
      text: `${table(
        [
          { zh: '条款', en: 'Clause' },
          { zh: '结论', en: 'Result' },
          { zh: '说明', en: 'Explanation' },
        ],
        rows,
      )}\n${sum}`,
    }
  },
})

/** The self-check against GB/T 22239-2019 level 3 (等保自查): what wisp does about each clause, by the present state. */
export const complianceFeature = feature<AssessNeeds>()({
  name: 'compliance',
  pageCalls: [readCompliance],
  adminCalls: [adminCompliance],
  commands: [compliance],
})
