import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, type Output } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
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

const states = {
  running: { zh: '进行中', en: 'in progress' },
  done: { zh: '完成', en: 'done' },
  failed: { zh: '中断', en: 'interrupted' },
} as const

const pull = command({
  path: 'official pull',
  point: 'follower:edit',
  summary: {
    zh: '拉取公众号的全部粉丝，由节点执行，显示进度直到结束；中断等待不影响拉取',
    en: 'Pull all followers of an official account; a node does it, and the progress is shown to the end; interrupting the wait does not stop it',
  },
  details: { zh: '上次中断的从断开处继续。', en: 'It goes on where the last one was interrupted.' },
  parts: {
    account: requiredText('--account <gh_…>', {
      zh: '公众号的原始 ID',
      en: 'original ID of the official account',
    }),
    corp: corpPart,
    wait: toggle('--no-wait', { zh: '只排队，不等待结束', en: 'only enqueue it, do not wait for the end' }),
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
  const line = said({
    zh: `${states[found.state].zh}: ${found.read} / ${found.total ?? '?'} 人`,
    en: `${states[found.state].en}: ${found.read} / ${found.total ?? '?'} followers`,
  })
  return { line, ...(found.state === 'running' ? {} : { end: outputOf(account, found) }) }
}

function outputOf(account: Account, pull: Pull): Output {
  const { state, total, read, gone, reason, startedAt, endedAt } = pull
  const text = facts([
    [
      { zh: '公众号', en: 'Official accounts' },
      { zh: `${account.name}（${account.originalId}）`, en: `${account.name} (${account.originalId})` },
    ],
    [{ zh: '状态', en: 'State' }, states[state]],
    [
      { zh: '已读取', en: 'Read' },
      { zh: `${read} / ${total ?? '?'} 人`, en: `${read} / ${total ?? '?'} followers` },
    ],
    [{ zh: '已取消关注', en: 'Unfollowed' }, gone],
    [{ zh: '开始', en: 'Begun' }, when(startedAt)],
    [{ zh: '结束', en: 'Ended' }, when(endedAt)],
    ...(reason ? [[said({ zh: '原因', en: 'Reason' }), whyStopped(pull)?.zh ?? ''] as [string, string]] : []),
  ])
  const data = { originalId: account.originalId, state, total, read, gone, reason, startedAt, endedAt }
  return { data, text, ...(state === 'failed' ? { failed: true } : {}) }
}

export const officialPullCommands = [pull]
