import { Type } from 'typebox'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalIds, optionalInteger } from '../../../platform/http/input.ts'
import { ready } from '../../../platform/http/output.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { checkTypes, typesAtMost } from '../types.ts'
import { ofDeveloperAtMost, type Streams } from './streams.ts'

const numberAtMost = Number.MAX_SAFE_INTEGER

export const eventStream = endpoint({
  methods: ['GET'],
  path: '/api/event/stream',
  section: 'wisp',
  summary: { zh: '事件流', en: 'Stream of events' },
  description: {
    zh: `供没有公网地址的应用使用，内容与事件订阅相同。应答为 text/event-stream：每个事件的 id 是编号，event 是类型，data 与订阅的请求体相同；每 15 秒一个注释行表示连接正常。断开后以 Last-Event-ID 头（或 since）继续。token 到期、开发者停用或数据范围改变时连接结束，重新连接即可。每个开发者在全部节点上最多 ${ofDeveloperAtMost} 个连接。开启了必须加密报文的开发者不能使用。`,
    en: `For applications without a public address; the same events as webhooks. The answer is a text/event-stream: the id of an event is its number, event its type, data what a webhook gets as its body; a line of comment every 15 seconds says that the connection is alive. After a break go on by the header Last-Event-ID, or since. The connection ends when the token expires, the developer is disabled or its data scope changes: connect again. A developer has at most ${ofDeveloperAtMost} connections, on all nodes together. Developers who must encrypt packets cannot use it.`,
  },
  access: { by: 'developer', scope: 'webhook:manage' },
  isStream: true,
  input: {
    since: optionalInteger(
      {
        zh: '从编号大于它的事件开始；不填为从现在开始',
        en: 'Begin after this number; from now on without it',
      },
      { min: 0, max: numberAtMost },
    ),
    types: optionalIds(
      {
        zh: '事件类型，或其点号前的部分；不填为全部',
        en: 'Types of events, or what stands before their dots; all without it',
      },
      { max: typesAtMost },
    ),
  },
  logged: ['since', 'types'],
  output: Type.String({
    contentMediaType: 'text/event-stream',
    about: { zh: '成功时不是 JSON，而是事件流', en: 'A stream of events on success, and no JSON' },
  }),
  errors: [],
  sample:
    'id: 42\nevent: bill.paid\ndata: {"type":"bill.paid","timestamp":"2026-11-25T02:11:00.000Z","data":{"seq":42}}\n\n',
  sampleInput: { since: 0 },
  async handle(
    ctx: Core & { developers: Developers; offered: FeatureOffers; streams: Streams },
    { input, developer, given, request },
  ) {
    checkTypes(ctx.offered, input.types)
    const since = lastEventId(request.headers['last-event-id']) ?? input.since
    const again = () => ctx.developers.authenticate(given, request, 'webhook:manage')
    return ready({ stream: await ctx.streams.open(developer, { since, types: input.types, again }) })
  },
})

/** The header, which a client sends by itself, is newer than the address. */
function lastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined
  const seq = Number(header)
  if (Number.isSafeInteger(seq) && seq >= 0) return seq
  throw new ApiError('badParameter', {
    zh: 'Last-Event-ID 应为事件编号',
    en: 'Last-Event-ID should be the number of an event',
  })
}
