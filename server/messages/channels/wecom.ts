import { userKey } from '../../directory/mirror/members.ts'
import { ApiError } from '../../http/errors.ts'
import type { Words } from '../../http/words.ts'
import { explainErrcode, WecomError, WecomUnavailable } from '../../upstream/wecom/errors.ts'
import type { SentMessage } from '../../upstream/wecom/messages.ts'
import type { WecomContent } from '../accept/content.ts'
import { duplicateCheckSeconds } from '../limits/pace-store.ts'
import type { Channel, Outcome, Outgoing } from './channel.ts'

/** Error codes: `nobody` means that there is no receiver, `never` that WeCom will never accept the request. */
const nobody = new Set([81013, 82001, 60111, 46004])
const never = new Set([40008, 40054, 41016, 41033, 44004, 45002, 45008, 40032, 82002, 82003])
const limitPauseMs = 60_000

/** Sends application messages through the corp's own agent (spec §5.1, upstream.md §5). */
export const wecomChannel: Channel = {
  name: 'wecom',
  partSize: 1000,
  missing(_ctx, corp, _settings, agentId) {
    if (agentId === null)
      return { zh: '未配置消息中心的企业微信应用', en: 'the message centre has no WeCom agent' }
    const agent = corp.agents.find(one => one.agentId === agentId)
    if (agent?.uses.includes('messages')) return undefined
    return {
      zh: `企业微信应用 ${agentId} 未配置或未开放消息用途`,
      en: `WeCom agent ${agentId} is not configured, or not open for messages`,
    }
  },
  async send(outgoing) {
    const agent = outgoing.corp.agents.find(one => one.agentId === outgoing.agentId)
    if (!agent) return { kind: 'refused', reason: removed(outgoing.agentId), isConfig: true }
    const request = wecomRequest(outgoing)
    let sent: SentMessage
    try {
      sent = await agent.messenger.send(request)
    } catch (error) {
      return outcomeOf(error)
    }
    return { kind: 'sent', vendorId: sent.msgId, failures: failuresOf(outgoing, sent) }
  },
  async recall(_ctx, corp, agentId, vendorId) {
    const agent = corp.agents.find(one => one.agentId === agentId)
    if (!agent) throw new ApiError('messageCentre', removed(agentId))
    await agent.messenger.recall(vendorId)
  },
}

function removed(agentId: number | null): Words {
  return { zh: `企业微信应用 ${agentId} 已移除`, en: `WeCom agent ${agentId} has been removed` }
}

/** The same part always gives the same bytes, because WeCom's duplicate check compares them. */
export function wecomRequest(
  part: Pick<Outgoing, 'userIds' | 'agentId' | 'content' | 'chunk' | 'isChecked'>,
): object {
  const content = part.content as WecomContent
  const check = part.isChecked
    ? { enable_duplicate_check: 1, duplicate_check_interval: duplicateCheckSeconds }
    : {}
  const base = { touser: part.userIds.join('|'), agentid: part.agentId, ...check }
  if (content.kind === 'text')
    return { ...base, msgtype: 'text', text: { content: content.chunks[part.chunk] ?? '' } }
  const { title, description, url } = content
  if (content.kind === 'textcard') {
    return { ...base, msgtype: 'textcard', textcard: { title, description, url, btntxt: content.btntxt } }
  }
  return {
    ...base,
    msgtype: 'news',
    news: { articles: [{ title, description, url, picurl: content.picUrl }] },
  }
}

const invalid: Words = {
  zh: '企业微信：成员无效或不在应用可见范围内',
  en: 'WeCom: the member is invalid or outside the visible range of the application',
}
const unlicensed: Words = {
  zh: '企业微信：成员没有接口许可',
  en: 'WeCom: the member has no licence for the API',
}

function failuresOf(outgoing: Outgoing, sent: SentMessage) {
  const spelling = new Map(outgoing.userIds.map(userId => [userKey(userId), userId]))
  const named = (ids: string[], reason: Words) =>
    ids.map(id => ({ userId: spelling.get(userKey(id)) ?? id, reason }))
  return [...named(sent.invalidUsers, invalid), ...named(sent.unlicensedUsers, unlicensed)]
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof WecomUnavailable) {
    const { reason: why, ambiguous } = error
    return ambiguous
      ? { kind: 'unsure', reason: { zh: `企业微信无应答（${why}）`, en: `WeCom does not answer (${why})` } }
      : {
          kind: 'again',
          reason: { zh: `企业微信无法连接（${why}）`, en: `WeCom cannot be reached (${why})` },
        }
  }
  if (!(error instanceof WecomError)) throw error
  const { text } = explainErrcode(error.errcode)
  const reason: Words = {
    zh: `企业微信 ${error.errcode} ${text.zh}（${error.errmsg}）`,
    en: `WeCom ${error.errcode} ${text.en} (${error.errmsg})`,
  }
  if (nobody.has(error.errcode) || never.has(error.errcode))
    return { kind: 'refused', reason, isConfig: false }
  if (error.kind === 'limit') return { kind: 'again', reason, afterMs: limitPauseMs }
  if (error.kind === 'busy') return { kind: 'again', reason }
  return { kind: 'refused', reason, isConfig: true }
}
