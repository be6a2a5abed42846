import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { requiredText } from '../../../platform/command/parts.ts'
import type { Core } from '../../../platform/core.ts'
import { listed, listParts, replayed, replayParts } from '../../../platform/inbox/push-commands.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { accountPushes } from '../pushes/pushes.ts'

type Needs = Core & { accounts: Accounts; corps: Corps; queue: Queue }

const account = requiredText('--account <originalId>', {
  zh: '公众号的原始 ID，gh_…',
  en: 'original ID of the official account, gh_…',
})

const pushes = command({
  path: 'official pushes',
  point: 'official:inspect',
  summary: {
    zh: '微信最近推送给公众号的消息和事件，以及处理结果',
    en: 'List what WeChat last pushed to an official account, messages and events, and what came of it',
  },
  parts: { account, corp: corpPart, ...listParts },
  run: async (ctx: Needs, { account, corp, ...given }) =>
    listed(ctx, accountPushes, ctx.accounts.get(corpOf(ctx, corp), account), given, 'OpenID'),
})

const replay = command({
  path: 'official replay',
  point: 'official:replay',
  summary: {
    zh: '重新处理公众号的一条推送，或全部搁置的；不会再次回复粉丝，重复处理无害',
    en: 'Process a push to an official account again, or all parked ones; followers get no second reply, and repeating it does no harm',
  },
  parts: { ...replayParts, account, corp: corpPart },
  run: async (ctx: Needs, { account, corp, ...given }) =>
    replayed(ctx, accountPushes, actor, ctx.accounts.get(corpOf(ctx, corp), account), given),
})

export const officialPushCommands = [pushes, replay]
