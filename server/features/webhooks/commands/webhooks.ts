import { checkDeveloper } from '../../../callers/developers/console/developers.ts'
import type { Developer, Developers } from '../../../callers/developers/developers.ts'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, directoryCommand, UsageError } from '../../../platform/command/command.ts'
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

const devId = requiredText('<devId>', '开发者 devId')
const webhookId = requiredText('<webhookId>', '订阅 id')

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
  summary: '一个开发者的事件订阅',
  parts: { devId, corp: corpPart },
  async run(ctx: Needs, { devId, corp }) {
    developerOf(ctx, corpOf(ctx, corp), devId)
    const data = await webhookViews(ctx, devId, await webhooksOf(ctx.db, devId))
    const rows = data.map(one => [
      one.webhookId,
      one.state === 'on' ? (one.failingSince ? '失败中' : '启用') : `停用 ${one.offReason}`,
      one.url,
      one.types.join(',') || '全部',
      one.waiting,
      one.failed,
      time(one.succeededAt),
    ])
    const heads = ['编号', '状态', '地址', '事件', '待投递', '已放弃', '最近成功']
    return { data, text: table(heads, rows, '没有订阅') }
  },
})

const log = command({
  path: 'webhook log',
  point: 'developer:log',
  summary: '事件订阅的投递记录，新的在前',
  parts: {
    devId,
    webhookId,
    corp: corpPart,
    state: choice('--state <state>', '只要这个状态', deliveryStates),
    type: text('--type <type>', '只要这种事件，或其点号前的部分'),
    limit: integerOr(20, '--limit <n>', '最多几条', { min: 1, max: 1000 }),
  },
  async run(ctx: Needs, { devId, webhookId, corp, state, type, limit }) {
    const webhook = await ownWebhook(ctx.db, developerOf(ctx, corpOf(ctx, corp), devId), webhookId)
    const found = await listDeliveries(ctx.db, webhook, { state, type, before: undefined }, limit)
    const data = found.map(row => deliveryView(webhookId, row, 'zh'))
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
    const heads = ['编号', '事件', '对象', '状态', '次数', '时间', '下次', '结果']
    return { data, text: table(heads, rows, '没有投递记录') }
  },
})

const again = directoryCommand({
  path: 'webhook replay',
  point: 'developer:webhook',
  summary: '再次投递一个或一段编号的事件',
  details: 'webhook-id 与原来相同；还在等待重试的立即再试。由正在运行的节点投递。',
  parts: {
    devId,
    webhookId,
    corp: corpPart,
    seq: integer('--seq <n>', '一个事件的编号', anyId),
    from: integer('--from <n>', '起始编号（含）', anyId),
    to: integer('--to <n>', '结束编号（含）', anyId),
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
    if (!range) throw new UsageError('请给出 --seq，或 --from 与 --to')
    const developer = developerOf(ctx, corpOf(ctx, corp), devId)
    const count = await replay(ctx, actor, developer, webhookId, range)
    return { data: { count }, text: `已重新加入 ${formatCount(count)} 个事件` }
  },
})

const test = command({
  path: 'webhook test',
  point: 'developer:webhook',
  summary: '立即发送一个测试事件，或所选类型的示例',
  details: '不重试，不影响订阅的状态；停用的订阅也可以测试。',
  parts: {
    devId,
    webhookId,
    corp: corpPart,
    type: text('--type <type>', '发送哪种事件的示例，如 bill.paid；默认 webhook.test'),
  },
  async run(ctx: Needs & { offered: FeatureOffers; outbound: Outbound }, { devId, webhookId, corp, type }) {
    const developer = developerOf(ctx, corpOf(ctx, corp), devId)
    const data = sentView(await testWebhook(ctx, actor, developer, webhookId, type), 'zh')
    const { status, error, ms } = data
    return {
      data,
      text: error === '' ? `已收到：HTTP ${status}，用时 ${formatDuration(ms).zh}` : `没有送达：${error}`,
    }
  },
})

export const webhookCommands = [list, log, again, test]
