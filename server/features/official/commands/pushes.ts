import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, UsageError } from '../../../platform/command/command.ts'
import { anyId, choice, integer, integerOr, requiredText, toggle } from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import { eventStates } from '../../../platform/inbox/event-list-store.ts'
import { replayChosen } from '../../../platform/inbox/replay.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { accountPushes } from '../pushes/pushes.ts'

type Needs = Core & { accounts: Accounts; corps: Corps; queue: Queue }

const account = requiredText('--account <originalId>', '公众号的原始 ID，gh_…')
const states = { pending: '待处理', done: '已处理', parked: '搁置' } as const

const pushes = command({
  path: 'official pushes',
  summary: '微信最近推送给公众号的消息和事件，以及处理结果',
  parts: {
    account,
    corp: corpPart,
    state: choice('--state <state>', '只看某种状态', eventStates),
    limit: integerOr(20, '--limit <n>', '几条', { min: 1, max: 1000 }),
  },
  async run(ctx: Needs, { account: originalId, corp, state, limit }) {
    const account = ctx.accounts.get(corpOf(ctx, corp), originalId)
    const found = await accountPushes.pushesOf(ctx.db, account, { state }, 'zh', { limit, offset: 0 })
    const rows = found.map(one => [
      one.id,
      when(one.receivedAt),
      one.kind,
      one.openid,
      states[one.state],
      one.attempts,
      one.error,
    ])
    const heads = ['编号', '收到', '类型', 'OpenID', '状态', '次数', '说明']
    return { data: found, text: table(heads, rows, '没有推送') }
  },
})

const replay = command({
  path: 'official replay',
  summary: '重新处理公众号的一条推送，或全部搁置的；不会再次回复粉丝，重复处理无害',
  parts: {
    id: integer('[id]', '推送编号', anyId),
    parked: toggle('--parked', '全部搁置的推送'),
    account,
    corp: corpPart,
  },
  async run(ctx: Needs, { id, parked, account: originalId, corp }) {
    if ((id === undefined) !== parked) throw new UsageError('推送编号与 --parked 须给出且只给出一个')
    const account = ctx.accounts.get(corpOf(ctx, corp), originalId)
    const count =
      id === undefined
        ? await accountPushes.replayParked(ctx, actor, account)
        : await replayChosen(ctx, accountPushes.pushReplay(ctx, actor, account), [id])
    return { data: { count }, text: `将重新处理 ${formatCount(count)} 条推送` }
  },
})

export const officialPushCommands = [pushes, replay]
