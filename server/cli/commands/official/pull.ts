import { setTimeout as delay } from 'node:timers/promises'
import type { Core } from '../../../core.ts'
import type { Account } from '../../../official/accounts/accounts.ts'
import { requestPull, whyStopped } from '../../../official/followers/pull/pull.ts'
import { findPull, type Pull } from '../../../official/followers/pull/store.ts'
import { type Command, command, type Io, type Output } from '../../command.ts'
import { corpOf, corpPart, requiredText, toggle } from '../../parts.ts'
import { facts, when } from '../../text.ts'
import { actor } from '../actor.ts'

const pollMs = 200
const states = { running: '进行中', done: '完成', failed: '中断' } as const

const pull = command({
  path: 'official pull',
  summary: '拉取公众号的全部粉丝，显示进度直到结束；中断等待不影响拉取',
  details: '上次中断的从断开处继续。',
  parts: {
    account: requiredText('--account <gh_…>', '公众号的原始 ID'),
    corp: corpPart,
    wait: toggle('--no-wait', '不等待结束'),
  },
  async run(ctx, { account: originalId, corp, wait }, io) {
    const account = ctx.accounts.get(corpOf(ctx, corp), originalId)
    const begun = await requestPull(ctx, actor, account)
    ctx.queue.kick(account.corpId)
    return wait ? follow(ctx, account, io) : outputOf(account, begun)
  },
})

async function follow(ctx: Core, account: Account, io: Io): Promise<Output> {
  const signal = AbortSignal.any([io.signal, ctx.stopping])
  let said = ''
  for (;;) {
    const found = await findPull(ctx.db, account)
    if (!found) throw new Error('the account was unbound')
    const line = `${states[found.state]}: ${found.read} / ${found.total ?? '?'} 人`
    if (line !== said) io.note(line)
    said = line
    if (found.state !== 'running') return outputOf(account, found)
    await delay(pollMs, undefined, { signal })
  }
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

export const officialPullCommands: Command[] = [pull]
