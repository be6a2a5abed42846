import { Type } from 'typebox'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { type Language, languageOf, wordsIn } from '../../platform/words.ts'
import { assess } from './assess.ts'
import { verdicts } from './check.ts'
import type { AssessNeeds } from './state.ts'

const answerSchema = Type.Object({
  list: Type.Array(
    Type.Object({
      clause: Type.String({
        about: { zh: '条款，如 8.1.4.1 a', en: 'The clause, such as 8.1.4.1 a' },
      }),
      asks: Type.String({ about: { zh: '要求', en: 'What it asks for' } }),
      verdict: Type.Enum([...verdicts], {
        about: {
          zh: 'met 符合，partly 部分符合，not 不符合，outside 由单位在平台之外实现',
          en: 'met, partly, not; outside: by the organisation, around wisp',
        },
      }),
      why: Type.String({ about: { zh: '现状与建议', en: 'How it stands, and what to do' } }),
      place: Type.Union(
        [Type.Object({ path: Type.String(), name: Type.String(), isSystem: Type.Boolean() }), Type.Null()],
        {
          about: { zh: '在控制台的哪里设置', en: 'Where in the console it is set' },
        },
      ),
    }),
  ),
  counts: Type.Object(
    Object.fromEntries(verdicts.map(one => [one, Type.Number()])) as Record<
      (typeof verdicts)[number],
      ReturnType<typeof Type.Number>
    >,
  ),
})

async function answerIn(ctx: AssessNeeds, corpId: string, language: Language) {
  const { list, counts } = await assess(ctx, corpId)
  return {
    list: list.map(({ clause, asks, verdict, why, place }) => ({
      clause,
      asks: wordsIn(language, asks),
      verdict,
      why: wordsIn(language, why),
      place: place
        ? { path: place.path, name: wordsIn(language, place), isSystem: place.isSystem === true }
        : null,
    })),
    counts,
  }
}

export const readCompliance = pageCall({
  method: 'GET',
  path: '/web/console/compliance',
  access: administrator('super'),
  point: 'audit:read',
  input: {},
  output: answerSchema,
  handle: (ctx: AssessNeeds, { corpId, request }) =>
    answerIn(ctx, corpId, languageOf(request.headers['accept-language'])),
})

export const adminCompliance = adminCall({
  method: 'GET',
  path: '/api/admin/compliance',
  summary: {
    zh: '等保自查（GB/T 22239-2019 第三级）',
    en: 'How wisp stands with GB/T 22239-2019, level 3',
  },
  description: {
    zh: '按当前的设置与状态逐条判断与平台有关的条款。',
    en: 'Judges each clause that concerns wisp by the present settings and state.',
  },
  scope: 'admin:read',
  point: 'audit:read',
  reach: 'corp',
  input: {},
  output: answerSchema,
  errors: [],
  sample: {
    list: [
      {
        clause: '8.1.4.1 c',
        asks: '远程管理时鉴别信息不被窃听',
        verdict: 'met',
        why: '访问地址是 https。',
        place: { path: '/console/system/corps/settings', name: '企业设置', isSystem: false },
      },
    ],
    counts: { met: 1, partly: 0, not: 0, outside: 0 },
  },
  handle: (ctx: AssessNeeds, { corpId, language }) => answerIn(ctx, corpId, language),
})
