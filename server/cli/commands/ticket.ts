import { listApps } from '../../apps/apps.ts'
import { record } from '../../audit/audit.ts'
import { ApiError } from '../../http/errors.ts'
import { memberOf } from '../../people/administrators.ts'
import { mayAct } from '../../people/people.ts'
import { issueTicket } from '../../people/tickets.ts'
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
    const corpId = corpOf(ctx, corp)
    const member = memberOf(ctx, corpId, userId)
    if (!mayAct(member)) throw new ApiError('unknownMember', `${userId} 未激活或已禁用`)
    const apps = await listApps(ctx, corpId)
    const app = apps.find(one => one.id === appId) ?? apps.find(one => String(one.agentId) === appId)
    if (!app) throw new ApiError('badParameter', `没有应用 ${appId}`)
    if (!app.enabled) throw new ApiError('badParameter', `应用 ${appId} 已停用`)
    const ticket = await ctx.db.transaction().execute(async tx => {
      const detail = { appId: app.id }
      await record(tx, ctx, { corpId, actor, act: 'ticket.issue', target: member.userId, detail })
      return issueTicket(tx, ctx, { corpId, appId: app.id, memberId: member.id })
    })
    const values = facts([
      ['jessionId', ticket.jessionId],
      ['有效', `${ticket.expiresIn / 3600} 小时`],
    ])
    return { data: { ...ticket, userId: member.userId, appId: app.id }, text: values }
  },
})

export const ticketCommands: Command[] = [issue]
