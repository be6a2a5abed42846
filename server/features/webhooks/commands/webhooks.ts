import { checkDeveloper } from '../../../callers/developers/console/developers.ts'
import type { Developer, Developers } from '../../../callers/developers/developers.ts'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, UsageError } from '../../../platform/command/command.ts'
import { commandLanguage, said } from '../../../platform/command/language.ts'
import { anyId, choice, integer, integerOr, requiredText, text } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount, formatDuration } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { deliveryStates, listDeliveries } from '../log-store.ts'
import { replay } from '../replay.ts'
import { testWebhook } from '../test-call.ts'
import { deliveryView, sentView, webhookViews } from '../view.ts'
import { webhooksOf } from '../webhook-store.ts'
import { ownWebhook } from '../webhooks.ts'

type Needs = Core & { corps: Corps; developers: Developers }

const devId = requiredText('<devId>', { zh: '开发者 devId', en: 'devId of the developer' })
const webhookId = requiredText('<webhookId>', { zh: '订阅 id', en: 'webhook id' })

function developerOf(ctx: Core & { developers: Developers }, corpId: string, devId: string): Developer {
  checkDeveloper(ctx, corpId, devId)
  const developer = ctx.developers.get(devId)
  if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
  return developer
}

const time = (text: string) => (text ? when(new Date(text)) : '')

const list = command({
  path: 'webhook list',
  point: 'developer:read',
  summary: { zh: '一个开发者的事件订阅', en: 'List the webhooks of a developer' },
  parts: { devId, corp: corpPart },
  async run(ctx: Needs, { devId, corp }) {
    developerOf(ctx, corpOf(ctx, corp), devId)
    const data = await webhookViews(ctx, devId, await webhooksOf(ctx.db, devId))
    const rows = data.map(one => [
      one.webhookId,
      one.state === 'on'
        ? one.failingSince
          ? said({ zh: '失败中', en: 'failing' })
          : said({ zh: '启用', en: 'enabled' })
        : said({ zh: `停用 ${one.offReason}`, en: `off: ${one.offReason}` }),
      one.url,
      one.types.join(',') || said({ zh: '全部', en: 'all' }),
      one.waiting,
      one.failed,
      time(one.succeededAt),
    ])
    const heads = [
      said({ zh: '编号', en: 'ID' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '地址', en: 'Address' }),
      said({ zh: '事件', en: 'Events' }),
      said({ zh: '待投递', en: 'Waiting' }),
      said({ zh: '已放弃', en: 'Given up' }),
      said({ zh: '最近成功', en: 'Last success' }),
    ]
    return { data, text: table(heads, rows, { zh: '没有订阅', en: 'no webhooks' }) }
  },
})

const log = command({
  path: 'webhook log',
  point: 'developer:log',
  summary: { zh: '事件订阅的投递记录，新的在前', en: 'List the deliveries of a webhook, newest first' },
  parts: {
    devId,
    webhookId,
    corp: corpPart,
    state: choice('--state <state>', { zh: '只要这个状态', en: 'only in this state' }, deliveryStates),
    type: text('--type <type>', {
      zh: '只要这种事件，或其点号前的部分',
      en: 'only events of this type, or of the part before the dot',
    }),
    limit: integerOr(20, '--limit <n>', { zh: '最多几条', en: 'how many at most' }, { min: 1, max: 1000 }),
  },
  async run(ctx: Needs, { devId, webhookId, corp, state, type, limit }) {
    const webhook = await ownWebhook(ctx.db, developerOf(ctx, corpOf(ctx, corp), devId), webhookId)
    const found = await listDeliveries(ctx.db, webhook, { state, type, before: undefined }, limit)
    const data = found.map(row => deliveryView(webhookId, row, commandLanguage()))
    const rows = data.map(one => [
      one.seq,
      one.type,
      one.entity,
      one.state,
      one.attempts,
      time(one.createdAt),
      time(one.nextAt),
      one.error || one.status || '',
    ])
    const heads = [
      said({ zh: '编号', en: 'ID' }),
      said({ zh: '事件', en: 'Events' }),
      said({ zh: '对象', en: 'Object' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '次数', en: 'Times' }),
      said({ zh: '时间', en: 'Time' }),
      said({ zh: '下次', en: 'Next' }),
      said({ zh: '结果', en: 'result' }),
    ]
    return { data, text: table(heads, rows, { zh: '没有投递记录', en: 'no deliveries' }) }
  },
})

const again = directoryCommand({
  path: 'webhook replay',
  point: 'developer:webhook',
  summary: { zh: '再次投递一个或一段编号的事件', en: 'Deliver one event, or a range of events, again' },
  details: {
    zh: 'webhook-id 与原来相同；还在等待重试的立即再试。由正在运行的节点投递。',
    en: 'Their webhook-id stays the same; those that wait for a retry are tried at once. A running node delivers them.',
  },
  parts: {
    devId,
    webhookId,
    corp: corpPart,
    seq: integer('--seq <n>', { zh: '一个事件的编号', en: 'number of one event' }, anyId),
    from: integer('--from <n>', { zh: '起始编号（含）', en: 'first number (inclusive)' }, anyId),
    to: integer('--to <n>', { zh: '结束编号（含）', en: 'last number (inclusive)' }, anyId),
  },
  async run(
    ctx: Needs & { mirrors: Mirrors; offered: FeatureOffers },
    { devId, webhookId, corp, seq, from, to },
  ) {
    const range =
      seq !== undefined && from === undefined && to === undefined
        ? { fromSeq: seq, toSeq: seq }
        : seq === undefined && from !== undefined && to !== undefined
          ? { fromSeq: from, toSeq: to }
          : undefined
    if (!range)
      throw new UsageError({ zh: '请给出 --seq，或 --from 与 --to', en: 'give --seq, or --from and --to' })
    const developer = developerOf(ctx, corpOf(ctx, corp), devId)
    const count = await replay(ctx, actor, developer, webhookId, range)
    return {
      data: { count },
      text: said({
        zh: `已重新加入 ${formatCount(count)} 个事件`,
        en: `${formatCount(count)} events are delivered again`,
      }),
    }
  },
})

const test = command({
  path: 'webhook test',
  point: 'developer:webhook',
  summary: {
    zh: '立即发送一个测试事件，或所选类型的示例',
    en: 'Send a test event, or the sample of a type, at once',
  },
  details: {
    zh: '不重试，不影响订阅的状态；停用的订阅也可以测试。',
    en: 'There is no retry, and the state of the webhook does not change; a disabled webhook can be tested too.',
  },
  parts: {
    devId,
    webhookId,
    corp: corpPart,
    type: text('--type <type>', {
      zh: '发送哪种事件的示例，如 bill.paid；默认 webhook.test',
      en: 'type whose sample is sent, such as bill.paid; webhook.test by default',
    }),
  },
  async run(ctx: Needs & { offered: FeatureOffers; outbound: Outbound }, { devId, webhookId, corp, type }) {
    const developer = developerOf(ctx, corpOf(ctx, corp), devId)
    const data = sentView(await testWebhook(ctx, actor, developer, webhookId, type), commandLanguage())
    const { status, error, ms } = data
    return {
      data,
      text:
        error === ''
          ? said({
              zh: `已收到：HTTP ${status}，用时 ${formatDuration(ms).zh}`,
              en: `received: HTTP ${status} after ${formatDuration(ms).en}`,
            })
          : said({ zh: `没有送达：${error}`, en: `not delivered: ${error}` }),
    }
  },
})

export const webhookCommands = [list, log, again, test]
