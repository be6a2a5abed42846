import { counted, formatCount } from '../../../platform/format.ts'
import type { Words } from '../../../platform/words.ts'
import type { WecomClient } from '../../../upstream/wecom/client.ts'
import type { Corp } from '../corps.ts'
import { type Finding, failed, noConclusion, pages, passed, places, tryLater, warning } from './check.ts'
import { attempt, type Outcome, type Refusal } from './probe.ts'

const id = 'contactSecret'
const title = { zh: '通讯录同步 Secret', en: 'Contacts sync secret' }
const regimeTitle = { zh: '通讯录权限', en: 'Contacts permissions' }
const rangeTitle = { zh: '可见范围', en: 'Visible range' }
const membersPerPage = 10_000

type CorpKey = Pick<Corp, 'corpId'>
type Ids = { userid: string; department: number }[]

/** What the contact secret allows wisp to see. */
export type ContactFindings = {
  checks: Finding[]
  refusals: Refusal[]
  /** Undefined when nothing could be read. */
  regime?: 'full' | 'restricted'
  departmentIds?: number[]
  /** The first page of (member, department) pairs. */
  memberIds?: Ids
}

/**
 * Whether the contact secret is valid, really is a contact secret, and which regime it is under
 * (docs/upstream/wecom-calls.md#errcodes-of-tokens-and-permissions, docs/upstream/wecom-directory.md#the-restrictions-of-2022).
 */
export async function examineContact(corp: CorpKey, contact: WecomClient): Promise<ContactFindings> {
  const members = await attempt(() => contact.userListId({ limit: membersPerPage }))
  if (!members.value) return { checks: [await explainSecret(corp, contact, members)], refusals: [members] }
  const checks = [
    passed(id, title, {
      zh: '有效，可读取成员与部门 ID',
      en: 'Valid, reads the ids of members and departments',
    }),
  ]
  const departments = await attempt(() => contact.departmentSimpleList())
  if (!departments.value) {
    const detail = {
      zh: `读取部门 ID 失败：${departments.text.zh}`,
      en: `The department ids could not be read: ${departments.text.en}`,
    }
    checks.push(failed('visibleRange', rangeTitle, detail, departments.fix))
    return { checks, refusals: [departments], memberIds: members.value.dept_user }
  }
  const departmentIds = departments.value.department_id.map(one => one.id)
  const regime = await attempt(() => contact.departmentGet(departmentIds[0] ?? 1))
  const findings = { checks, refusals: [], departmentIds, memberIds: members.value.dept_user }
  if (regime.value) return { ...findings, regime: 'full' }
  if (regime.errcode === 48009) return { ...findings, regime: 'restricted' }
  // Without a department there is nothing to test the regime with; the visible range reports that.
  if (departmentIds.length > 0)
    checks.push(warning('regime', regimeTitle, noConclusion(regime.text), regime.fix))
  return { ...findings, refusals: [regime] }
}

async function explainSecret(corp: CorpKey, contact: WecomClient, refusal: Refusal): Promise<Finding> {
  const again = {
    zh: `请到${pages.contact.zh}重新查看 Secret，再到${places.corp.zh}更换；重置过 Secret 后旧值立即失效。`,
    en: `View the secret again in ${pages.contact.en}, then change it in ${places.corp.en}; once a secret was reset the old one is dead at once.`,
  }
  switch (refusal.errcode) {
    case 40001:
      return failed(
        id,
        title,
        { zh: 'Secret 错误（企业微信返回 40001）', en: 'The secret is wrong (WeCom answered 40001)' },
        again,
      )
    case 40091:
      return failed(
        id,
        title,
        {
          zh: 'Secret 无效，可能属于其他企业（企业微信返回 40091）',
          en: 'The secret is invalid, it may belong to another corp (WeCom answered 40091)',
        },
        {
          zh: `请确认企业 ID ${corp.corpId} 与 Secret 属于同一企业。${again.zh}`,
          en: `Make sure that corp id ${corp.corpId} and the secret belong to the same corp. ${again.en}`,
        },
      )
    case 40013:
      return failed(
        id,
        title,
        {
          zh: `企业 ID ${corp.corpId} 错误（企业微信返回 40013）`,
          en: `Corp id ${corp.corpId} is wrong (WeCom answered 40013)`,
        },
        {
          zh: `请到${pages.corp.zh}页面底部复制企业 ID；企业 ID 填错时须重新添加企业。`,
          en: `Copy the corp id from the bottom of ${pages.corp.en}; if the corp was added with a wrong corp id, it has to be added again.`,
        },
      )
    case 48002:
      return explainKind(contact, again)
    case 60020:
      return warning(id, title, {
        zh: '可以换取 access_token，但本机地址不受信任，无法确认种类，见「可信 IP」',
        en: `It gets an access_token, but this server's address is not trusted, so its kind is not known: see "Trusted IPs"`,
      })
    default:
      return refusal.passing
        ? warning(id, title, noConclusion(refusal.text), tryLater)
        : failed(id, title, refusal.text, refusal.fix ?? again)
  }
}

/** Only a contact secret may call list_id, and only an application's secret agent/list. */
async function explainKind(contact: WecomClient, again: Words): Promise<Finding> {
  const agents = await attempt(() => contact.agentList())
  const own = agents.value?.agentlist[0]
  if (own) {
    return failed(
      id,
      title,
      {
        zh: `填写的是自建应用「${own.name}」（AgentId ${own.agentid}）的 Secret，不是通讯录同步的 Secret（48002）`,
        en: `This is the secret of application "${own.name}" (AgentId ${own.agentid}), not the contacts sync secret (48002)`,
      },
      {
        zh: `${again.zh}应用的 Secret 请到${places.agents.zh}添加。`,
        en: `${again.en} The secret of an application is added in ${places.agents.en}.`,
      },
    )
  }
  return failed(
    id,
    title,
    {
      zh: 'Secret 不能调用通讯录接口（企业微信返回 48002）',
      en: 'The secret may not call the contacts API (WeCom answered 48002)',
    },
    {
      zh: `请到${pages.contact.zh}开启「API 接口同步」，并使用该页面上的 Secret。`,
      en: `Turn on API sync (API 接口同步) in ${pages.contact.en}, and use the secret of that page.`,
    },
  )
}

/** Says whether the regime is full or restricted, and what that means for the people who work with it. */
export function explainRegime(corp: Corp, regime: 'full' | 'restricted'): Finding {
  if (regime === 'full') {
    return passed('regime', regimeTitle, {
      zh: '完整：通讯录同步 Secret 可读取成员与部门详情',
      en: 'Full: the contacts sync secret reads the details of members and departments',
    })
  }
  const limits = {
    zh:
      '受 2022 年 8 月 15 日起的限制（48009）：通讯录同步 Secret 只能读取 ID；回调中没有姓名，改名不会触发回调，' +
      '在下一次通知或每晚核对时更新；手机、邮箱、头像须由成员登录时授权或由管理员导入',
    en:
      'Restricted since 15 August 2022 (48009): the contacts sync secret reads ids only; callbacks have no names and a changed name ' +
      'is not called back, it arrives with the next notice or the nightly check; mobile, email and avatar come from ' +
      "members' consent at sign-in or from an import",
  }
  const agent = corp.agents.find(one => one.uses.includes('names'))
  if (agent) {
    const called = agent.name || agent.agentId
    return passed('regime', regimeTitle, {
      zh: `${limits.zh}；姓名由应用「${called}」读取`,
      en: `${limits.en}; application "${called}" reads the names`,
    })
  }
  return failed(
    'regime',
    regimeTitle,
    {
      zh: `${limits.zh}。没有用于读取姓名的应用，成员与部门只有 ID`,
      en: `${limits.en}. There is no application that reads names: members and departments have only ids`,
    },
    {
      zh: `请在${pages.apps.zh}建立一个可见范围为全公司的应用，再到${places.agents.zh}添加它的 AgentId 和 Secret，用途包含读取姓名（names）。`,
      en: `Create an application whose visible range is the whole company in ${pages.apps.en}, then add its AgentId and secret in ${places.agents.en}, with names among its uses.`,
    },
  )
}

const sampleSize = 24

/**
 * Whether everything is visible: an empty or partial answer never counts as success
 * (docs/interface/address-book.md#setup-doctor).
 */
export async function examineRange(
  corp: Corp,
  findings: ContactFindings,
  namesClient: WecomClient | undefined,
): Promise<Finding | undefined> {
  const { departmentIds, memberIds, regime } = findings
  if (!departmentIds || !memberIds) return undefined
  const seen = judgeIds(departmentIds, memberIds)
  if ('state' in seen) return seen
  if (regime !== 'restricted') return passed('visibleRange', rangeTitle, seen)
  if (!namesClient) {
    return warning('visibleRange', rangeTitle, {
      zh: `${seen.zh}的 ID；没有可读取姓名的应用`,
      en: `${seen.en}, but only ids: there is no application that reads names`,
    })
  }
  const missing = await missingForAgent(namesClient, departmentIds, memberIds)
  if (!missing.value) return warning('visibleRange', rangeTitle, noConclusion(missing.text), missing.fix)
  const { departments, members, sampled } = missing.value
  if (departments === 0 && members === 0) {
    return passed('visibleRange', rangeTitle, {
      zh: `${seen.zh}，读取姓名的应用全部可见`,
      en: `${seen.en}, the application that reads names sees all`,
    })
  }
  const agent = corp.agents.find(one => one.uses.includes('names'))
  const called = agent?.name || agent?.agentId
  return warning(
    'visibleRange',
    rangeTitle,
    {
      zh:
        `读取姓名的应用「${called}」看不到 ${departmentIds.length} 个部门中的 ${departments} 个；` +
        `抽查的 ${sampled} 名成员中有 ${members} 名不可见，他们只有账号与部门，没有姓名`,
      en:
        `Application "${called}", which reads names, does not see ${departments} of ${departmentIds.length} departments; ` +
        `of ${sampled} members that were tried it does not see ${members}: they have an account and departments, but no name`,
    },
    {
      zh: `请到${pages.apps.zh}把该应用的可见范围改为全公司。`,
      en: `Set the Allowed users (可见范围) of this application to the whole company in ${pages.apps.en}.`,
    },
  )
}

/** A finding when something is wrong with the ids, otherwise words that say what is visible. */
function judgeIds(departmentIds: number[], memberIds: Ids): Finding | Words {
  const count = departmentIds.length
  const fix = {
    zh: `请到${pages.contact.zh}检查通讯录同步的权限范围。`,
    en: `Check the range of contacts sync in ${pages.contact.en}.`,
  }
  if (count === 0) {
    const detail = { zh: '企业微信没有返回任何部门', en: 'WeCom answered no departments' }
    return failed('visibleRange', rangeTitle, detail, fix)
  }
  if (memberIds.length === 0) {
    const detail = {
      zh: `有 ${formatCount(count)} 个部门，但没有返回任何成员`,
      en: `There ${count === 1 ? 'is' : 'are'} ${counted(count, 'department')}, but WeCom answered no members`,
    }
    return failed('visibleRange', rangeTitle, detail, fix)
  }
  if (!departmentIds.includes(1)) {
    const detail = {
      zh: '根部门（1）不可见：只能同步部分通讯录',
      en: 'The root department (1) is not visible: only a part of the address book can be synced',
    }
    return warning('visibleRange', rangeTitle, detail, fix)
  }
  return {
    zh: `可见 ${formatCount(count)} 个部门（含根部门）`,
    en: `${counted(count, 'department')} visible, with the root department`,
  }
}

type MissingCounts = { departments: number; members: number; sampled: number }

function missingForAgent(
  client: WecomClient,
  departmentIds: number[],
  memberIds: Ids,
): Promise<Outcome<MissingCounts>> {
  return attempt(async () => {
    const visible = new Set((await client.departmentList()).department.map(one => one.id))
    const userIds = [...new Set(memberIds.map(one => one.userid))]
    const step = Math.max(1, Math.floor(userIds.length / sampleSize))
    const sample = userIds.filter((_, index) => index % step === 0).slice(0, sampleSize)
    const answers = await Promise.all(sample.map(userId => attempt(() => client.userGet(userId))))
    return {
      departments: departmentIds.filter(one => !visible.has(one)).length,
      members: answers.filter(one => !one.value && one.errcode === 60011).length,
      // Leaves out those that could not be checked because no answer came.
      sampled: answers.filter(one => one.value || !one.passing).length,
    }
  })
}
