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
  summary: {
    zh: '为成员签发打开某应用的 jessionId，供调试',
    en: 'Issue a jessionId with which a member opens an app, for debugging',
  },
  parts: {
    userId: requiredText('<userId>', { zh: '成员 userId', en: 'userId of the member' }),
    appId: requiredText('<appId>', {
      zh: '应用 id，或其关联的 AgentId',
      en: 'app id, or the AgentId linked to it',
    }),
    corp: corpPart,
  },
  async run(ctx: Needs, { userId, appId, corp }) {
    const ticket = await issueTrialTicket(ctx, actor, corpOf(ctx, corp), userId, appId)
    const values = facts([
      ['jessionId', ticket.jessionId],
      [
        { zh: '有效', en: 'valid' },
        { zh: `${ticket.expiresIn / 3600} 小时`, en: `${ticket.expiresIn / 3600} hours` },
      ],
    ])
    return { data: ticket, text: values }
  },
})

export const ticketCommands = [issue]
