import { counted, formatCount } from '../../../platform/format.ts'
import type { Words } from '../../../platform/words.ts'
import type { WecomClient } from '../../../upstream/wecom/client.ts'
import type { ShapeValue } from '../../../upstream/wecom/shapes.ts'
import type { Agent, Corp } from '../corps.ts'
import { type Finding, failed, noConclusion, pages, passed, places, tryLater, warning } from './check.ts'
import { attempt, type Refusal } from './probe.ts'

type AgentName = Pick<Agent, 'agentId' | 'name'>
export type AgentFindings = { check: Finding; refusal: Refusal | undefined; name: Words }

/** Whether an agent's secret is valid and belongs to this agentId, and whom the agent sees. */
export async function examineAgent(agent: AgentName, client: WecomClient): Promise<AgentFindings> {
  const called = agent.name || agent.agentId
  const name = { zh: `应用「${called}」`, en: `application "${called}"` }
  const answer = await attempt(() => client.agentGet(agent.agentId))
  const id = `agent:${agent.agentId}`
  const title = {
    zh: `${name.zh}（AgentId ${agent.agentId}）`,
    en: `Application "${called}" (AgentId ${agent.agentId})`,
  }
  if (!answer.value) {
    return { name, refusal: answer, check: await explainAgent(agent, client, answer, id, title) }
  }
  return { name, refusal: undefined, check: judge(answer.value, id, title) }
}

function judge(answer: ShapeValue<'agentGet'>, id: string, title: Words): Finding {
  if (answer.close === 1) {
    const fix = { zh: `请到${pages.apps.zh}启用该应用。`, en: `Enable this application in ${pages.apps.en}.` }
    return failed(id, title, { zh: '应用已停用', en: 'The application is disabled' }, fix)
  }
  const departments = answer.allow_partys?.partyid ?? []
  const members = answer.allow_userinfos?.user ?? []
  const tags = answer.allow_tags?.tagid ?? []
  if (departments.includes(1)) {
    return passed(id, title, {
      zh: 'Secret 有效，全公司可见',
      en: 'The secret is valid, the whole company is visible',
    })
  }
  if (departments.length + members.length + tags.length === 0) {
    const detail = {
      zh: 'Secret 有效，但可见范围为空：不能读取姓名、登录或发送消息',
      en: 'The secret is valid, but the visible range is empty: no names, sign-in or messages',
    }
    return warning(id, title, detail, {
      zh: `请到${pages.apps.zh}设置该应用的可见范围。`,
      en: `Set the Allowed users (可见范围) of this application in ${pages.apps.en}.`,
    })
  }
  const range = [
    counted(departments.length, 'department'),
    counted(members.length, 'member'),
    counted(tags.length, 'tag'),
  ]
  return passed(id, title, {
    zh: `Secret 有效，只对 ${formatCount(departments.length)} 个部门、${formatCount(members.length)} 名成员、${formatCount(tags.length)} 个标签可见`,
    en: `The secret is valid, but only ${range.join(', ')} are visible`,
  })
}

async function explainAgent(
  agent: AgentName,
  client: WecomClient,
  refusal: Refusal,
  id: string,
  title: Words,
): Promise<Finding> {
  const again = {
    zh: `请到${pages.apps.zh}打开该应用，核对 AgentId 并重新查看 Secret，再到${places.agents.zh}更新。`,
    en: `Open this application in ${pages.apps.en}, compare the AgentId and view the secret again, then update it in ${places.agents.en}.`,
  }
  switch (refusal.errcode) {
    case 40001:
    case 40091:
      return failed(
        id,
        title,
        {
          zh: `Secret 错误（企业微信返回 ${refusal.errcode}）`,
          en: `The secret is wrong (WeCom answered ${refusal.errcode})`,
        },
        again,
      )
    case 60020:
      return warning(id, title, {
        zh: '可以换取 access_token，但本机地址不受信任，见「可信 IP」',
        en: `It gets an access_token, but this server's address is not trusted: see "Trusted IPs"`,
      })
    case 48002: {
      const isContact = (await attempt(() => client.userListId({ limit: 1 }))).value !== undefined
      const wrongKind = {
        zh: '填写的是通讯录同步的 Secret，不是应用的 Secret（48002）',
        en: "This is the contacts sync secret, not an application's (48002)",
      }
      return failed(id, title, isContact ? wrongKind : refusal.text, again)
    }
    case 301002: {
      const own = (await attempt(() => client.agentList())).value?.agentlist[0]
      const whose = own
        ? {
            zh: `，它属于应用「${own.name}」（AgentId ${own.agentid}）`,
            en: `, but to application "${own.name}" (AgentId ${own.agentid})`,
          }
        : { zh: '', en: '' }
      return failed(
        id,
        title,
        {
          zh: `Secret 不属于 AgentId ${agent.agentId}${whose.zh}（301002）`,
          en: `The secret does not belong to AgentId ${agent.agentId}${whose.en} (301002)`,
        },
        again,
      )
    }
    default:
      return refusal.passing
        ? warning(id, title, noConclusion(refusal.text), tryLater)
        : failed(id, title, refusal.text, refusal.fix ?? again)
  }
}

/** Sign-in and messages each need an agent. */
export function examineUses(corp: Corp): Finding {
  const [id, title] = ['agents', { zh: '自建应用', en: 'Applications' }]
  const missing = [
    { use: 'signin', zh: '登录', en: 'sign-in' },
    { use: 'messages', zh: '消息', en: 'messages' },
  ].filter(({ use }) => !corp.agents.some(one => one.uses.includes(use)))
  if (missing.length === 0) {
    const count = corp.agents.length
    return passed(id, title, { zh: `已添加 ${count} 个`, en: `${count} added` })
  }
  return warning(
    id,
    title,
    {
      zh: `没有用于${missing.map(one => one.zh).join('、')}的应用，相应功能不可用`,
      en: `There is no application for ${missing.map(one => one.en).join(' and ')}: ${missing.length === 1 ? 'this does' : 'these do'} not work`,
    },
    {
      zh: `请在${pages.apps.zh}建立应用，再到${places.agents.zh}添加其 AgentId、Secret 和用途。`,
      en: `Create an application in ${pages.apps.en}, then add its AgentId, secret and uses in ${places.agents.en}.`,
    },
  )
}
