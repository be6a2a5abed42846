import { issueTrialTicket } from '../../features/apps/trial-ticket.ts'
import { type Command, directoryCommand } from '../command.ts'
import { corpOf, corpPart, requiredText } from '../parts.ts'
import { facts } from '../text.ts'
import { actor } from './actor.ts'

const issue = directoryCommand({
  path: 'ticket issue',
  summary: '为成员签发打开某应用的 jessionId，供调试',
  parts: {
    userId: requiredText('<userId>', '成员 userId'),
    appId: requiredText('<appId>', '应用 id，或其关联的 AgentId'),
    corp: corpPart,
  },
  async run(ctx, { userId, appId, corp }) {
    const ticket = await issueTrialTicket(ctx, actor, corpOf(ctx, corp), userId, appId)
    const values = facts([
      ['jessionId', ticket.jessionId],
      ['有效', `${ticket.expiresIn / 3600} 小时`],
    ])
    return { data: ticket, text: values }
  },
})

export const ticketCommands: Command[] = [issue]
