import type { WecomClient } from '../../upstream/wecom/client.ts'
import type { Shaped } from '../../upstream/wecom/shapes.ts'
import type { Agent, Corp } from '../corps.ts'
import { type Check, failed, pages, passed, places, warning } from './check.ts'
import { attempt, type Refusal } from './probe.ts'

type Named = Pick<Agent, 'agentId' | 'name'>
export type AgentFindings = { check: Check; refusal: Refusal | undefined; name: string }

/** Whether an agent's secret is right and belongs to this agentId, and whom the agent sees. */
export async function examineAgent(agent: Named, client: WecomClient): Promise<AgentFindings> {
  const name = `应用「${agent.name || agent.agentId}」`
  const answer = await attempt(() => client.agentGet(agent.agentId))
  const [id, title] = [`agent:${agent.agentId}`, `${name}（AgentId ${agent.agentId}）`]
  if (!answer.value) {
    return { name, refusal: answer, check: await explainAgent(agent, client, answer, id, title) }
  }
  return { name, refusal: undefined, check: judge(answer.value, id, title) }
}

function judge(answer: Shaped<'agentGet'>, id: string, title: string): Check {
  if (answer.close === 1) {
    return failed(id, title, '应用已停用', `请到${pages.apps}启用该应用。`)
  }
  const departments = answer.allow_partys?.partyid ?? []
  const members = answer.allow_userinfos?.user ?? []
  const tags = answer.allow_tags?.tagid ?? []
  if (departments.includes(1)) return passed(id, title, 'Secret 有效，全公司可见')
  if (departments.length + members.length + tags.length === 0) {
    const fix = `请到${pages.apps}设置该应用的可见范围。`
    return warning(id, title, 'Secret 有效，但可见范围为空：不能读取姓名、登录或发送消息', fix)
  }
  const range = `${departments.length} 个部门、${members.length} 名成员、${tags.length} 个标签`
  return passed(id, title, `Secret 有效，只对 ${range}可见`)
}

async function explainAgent(
  agent: Named,
  client: WecomClient,
  refusal: Refusal,
  id: string,
  title: string,
): Promise<Check> {
  const again = `请到${pages.apps}打开该应用，核对 AgentId 并重新查看 Secret，再到${places.agents}更新。`
  switch (refusal.errcode) {
    case 40001:
    case 40091:
      return failed(id, title, `Secret 错误（企业微信返回 ${refusal.errcode}）`, again)
    case 60020:
      return warning(id, title, '可以换取 access_token，但本机地址不受信任，见「可信 IP」')
    case 48002: {
      const isContact = (await attempt(() => client.userListId({ limit: 1 }))).value !== undefined
      return failed(
        id,
        title,
        isContact ? '填写的是通讯录同步的 Secret，不是应用的 Secret（48002）' : refusal.text,
        again,
      )
    }
    case 301002: {
      const own = (await attempt(() => client.agentList())).value?.agentlist[0]
      const whose = own ? `，它属于应用「${own.name}」（AgentId ${own.agentid}）` : ''
      return failed(id, title, `Secret 不属于 AgentId ${agent.agentId}${whose}（301002）`, again)
    }
    default:
      return refusal.passing
        ? warning(id, title, `没有结论：${refusal.text}`, '请稍后再检查一次。')
        : failed(id, title, refusal.text, refusal.fix ?? again)
  }
}

/** Sign-in and messages each need an agent. */
export function examineUses(corp: Corp): Check {
  const missing = [
    ['signin', '登录'],
    ['messages', '消息'],
  ].flatMap(([use = '', word = '']) => (corp.agents.some(one => one.uses.includes(use)) ? [] : [word]))
  if (missing.length === 0) return passed('agents', '自建应用', `已添加 ${corp.agents.length} 个`)
  return warning(
    'agents',
    '自建应用',
    `没有用于${missing.join('、')}的应用，相应功能不可用`,
    `请在${pages.apps}建立应用，再到${places.agents}添加其 AgentId、Secret 和用途。`,
  )
}
