import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, type Output } from '../../../platform/command/command.ts'
import { expectNode, follow, here } from '../../../platform/command/node-work.ts'
import { requiredText, toggle } from '../../../platform/command/parts.ts'
import { facts, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import { requestPull, whyStopped } from '../followers/pull/pull.ts'
import { findPull, type Pull } from '../followers/pull/store.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: FeatureOffers; queue: Queue }

const states = { running: '进行中', done: '完成', failed: '中断' } as const

const pull = command({
  path: 'official pull',
  point: 'follower:edit',
  summary: '拉取公众号的全部粉丝，由节点执行，显示进度直到结束；中断等待不影响拉取',
  details: '上次中断的从断开处继续。',
  parts: {
    account: requiredText('--account <gh_…>', '公众号的原始 ID'),
    corp: corpPart,
    wait: toggle('--no-wait', '只排队，不等待结束'),
    here,
  },
  async run(ctx: Needs, { account: originalId, corp, ...how }, io) {
    const account = ctx.accounts.get(corpOf(ctx, corp), originalId)
    const { corpId } = account
    await expectNode(ctx, { stream: 'official-followers', corpId }, how, io)
    const begun = await requestPull(ctx, actor, account)
    return how.wait ? follow(ctx, io, () => look(ctx, account), how) : outputOf(account, begun)
  },
})

async function look(ctx: Core, account: Account): Promise<{ line: string; end?: Output }> {
  const found = await findPull(ctx.db, account)
  if (!found) throw new Error('the account was unbound')
  const line = `${states[found.state]}: ${found.read} / ${found.total ?? '?'} 人`
  return { line, ...(found.state === 'running' ? {} : { end: outputOf(account, found) }) }
}

function outputOf(account: Account, pull: Pull): Output {
  const { state, total, read, gone, reason, startedAt, endedAt } = pull
  const text = facts([
    ['公众号', `${account.name}（${account.originalId}）`],
    ['状态', states[state]],
    ['已读取', `${read} / ${total ?? '?'} 人`],
    ['已取消关注', gone],
    ['开始', when(startedAt)],
    ['结束', when(endedAt)],
    ...(reason ? [['原因', whyStopped(pull)?.zh ?? ''] as [string, string]] : []),
  ])
  const data = { originalId: account.originalId, state, total, read, gone, reason, startedAt, endedAt }
  return { data, text, ...(state === 'failed' ? { failed: true } : {}) }
}

export const officialPullCommands = [pull]
