import { type Static, Type } from 'typebox'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { reached } from '../../organisation/rights/reached.ts'
import type { Core } from '../../platform/core.ts'
import { text } from '../../platform/http/input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { SearchRight } from '../../platform/manifest/search.ts'
import { languageOf } from '../../platform/words.ts'

const foundSchema = Type.Object({
  kind: Type.String(),
  title: Type.String(),
  /** The page that shows a hit, by its id in the query `param`. */
  path: Type.String(),
  param: Type.String(),
  hits: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), detail: Type.String() })),
})
export type SearchResult = Static<typeof foundSchema>

/** What Ctrl K finds, kind by kind as the features offer them; kinds without a hit are left out. */
export const consoleSearch = pageCall({
  method: 'GET',
  path: '/web/console/search',
  access: administrator('graded'),
  point: 'console:use',
  directory: true,
  input: {
    q: text(
      '姓名、拼音、userId、手机号，部门、标签、应用、开发者，账单，消息、请求或事件 ID，消息渠道的设置，审计中的名称',
      {
        max: 100,
      },
    ),
  },
  output: Type.Object({ list: Type.Array(foundSchema) }),
  async handle(
    ctx: Core & { mirrors: Mirrors; offered: FeatureOffers },
    { input, visitor, corpId, request },
  ) {
    const language = languageOf(request.headers['accept-language'])
    const search = { corpId, visitor, words: input.q.trim(), language }
    const asFor = ({ point, graded }: SearchRight) =>
      reached(visitor, { point, range: graded ? 'departments' : undefined })
    const found = await ctx.offered.search(search, asFor)
    return { list: found.filter(({ hits }) => hits.length > 0) }
  },
})
