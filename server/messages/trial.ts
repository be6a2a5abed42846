import type { Context } from '../context.ts'
import { type Developer, defaultScopes } from '../developers/developers.ts'
import { emailContent, wecomContent } from './content.ts'
import { type SendAnswer, submit } from './messages.ts'
import { statusOf } from './status.ts'
import type { ChannelName } from './store.ts'
import { findMessages } from './store.ts'

/** Who sends what an administrator tries out. */
export const operatorId = 'operator'

function operator(corpId: string): Developer {
  return {
    devId: operatorId,
    corpId,
    name: '管理员',
    enabled: true,
    scopes: new Set(defaultScopes),
    dataScope: undefined,
    scopeSeq: 0,
    networks: undefined,
    arrayLists: false,
    secrets: [],
  }
}

export type Trial = {
  channel: ChannelName
  userId: string
  agentId?: string
  templateId?: string
  params?: string[]
}

/** Sends a real test message to a member, by the way that all others go, and answers what upstream really said. */
export async function sendTrial(
  ctx: Context,
  corpId: string,
  trial: Trial,
): Promise<SendAnswer & { answers: string[] }> {
  const answer = await submit(ctx, operator(corpId), {
    channel: trial.channel,
    receivers: { toUser: [trial.userId], toParty: [], toTag: [] },
    ...contentOf(trial),
    agentName: '消息中心',
    agentId: trial.agentId,
    templateId: trial.templateId,
    requestId: undefined,
  })
  const message = (await findMessages(ctx.db, [answer.msgId])).get(answer.msgId)
  const status = message && (await statusOf(ctx, message))
  const answers = [
    ...(status?.attempts.map(one => `${one.outcome} ${one.answer}`) ?? []),
    ...(status?.failed.map(one => `${one.userId}: ${one.reason}`) ?? []),
  ]
  return { ...answer, answers }
}

function contentOf({ channel, templateId, params }: Trial) {
  const text = {
    agentName: '消息中心',
    title: '测试',
    content: '这是一条测试消息。',
    url: undefined,
    btntxt: undefined,
    picUrl: undefined,
  }
  if (channel === 'wecom') return wecomContent('03', text)
  if (channel === 'email') return { content: emailContent(text), truncated: [] }
  return {
    content: { kind: 'sms' as const, templateId: templateId ?? '', params: params ?? [] },
    truncated: [],
  }
}
