import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../../platform/command/actor.ts'
import { directoryCommand } from '../../../platform/command/command.ts'
import { requiredText } from '../../../platform/command/parts.ts'
import { facts } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { issueTrialTicket } from '../trial-ticket.ts'

type Needs = Core & { corps: Corps; mirrors: Mirrors }

const issue = directoryCommand({
  path: 'ticket issue',
  point: 'sign-in:ticket',
  summary: '为成员签发打开某应用的 jessionId，供调试',
  parts: {
    userId: requiredText('<userId>', '成员 userId'),
    appId: requiredText('<appId>', '应用 id，或其关联的 AgentId'),
    corp: corpPart,
  },
  async run(ctx: Needs, { userId, appId, corp }) {
    const ticket = await issueTrialTicket(ctx, actor, corpOf(ctx, corp), userId, appId)
    const values = facts([
      ['jessionId', ticket.jessionId],
      ['有效', `${ticket.expiresIn / 3600} 小时`],
    ])
    return { data: ticket, text: values }
  },
})

export const ticketCommands = [issue]
