import type { WecomClient } from '../../upstream/wecom/client.ts'
import type { Corp } from '../corps.ts'
import { type Check, failed, pages, passed, places, warning } from './check.ts'
import { attempt, type Outcome, type Refusal } from './probe.ts'

const id = 'contactSecret'
const title = '通讯录同步 Secret'
const membersPerPage = 10_000

type Named = Pick<Corp, 'corpId'>
type Ids = { userid: string; department: number }[]

/** What the contact secret lets wisp see. */
export type ContactFindings = {
  checks: Check[]
  refusals: Refusal[]
  /** Undefined: nothing was read. */
  regime?: 'full' | 'restricted'
  departmentIds?: number[]
  /** The first page of (member, department) pairs. */
  memberIds?: Ids
}

/** Whether the contact secret is right, is one, and which regime it is under (upstream.md §1, §2.4). */
export async function examineContact(corp: Named, contact: WecomClient): Promise<ContactFindings> {
  const members = await attempt(() => contact.userListId({ limit: membersPerPage }))
  if (!members.value) return { checks: [await explainSecret(corp, contact, members)], refusals: [members] }
  const checks = [passed(id, title, '有效，可读取成员与部门 ID')]
  const departments = await attempt(() => contact.departmentSimpleList())
  if (!departments.value) {
    checks.push(failed('visibleRange', '可见范围', `读取部门 ID 失败：${departments.text}`, departments.fix))
    return { checks, refusals: [departments], memberIds: members.value.dept_user }
  }
  const departmentIds = departments.value.department_id.map(one => one.id)
  const regime = await attempt(() => contact.departmentGet(departmentIds[0] ?? 1))
  const findings = { checks, refusals: [], departmentIds, memberIds: members.value.dept_user }
  if (regime.value) return { ...findings, regime: 'full' }
  if (regime.errcode === 48009) return { ...findings, regime: 'restricted' }
  // Without a department there is nothing to ask for; the visible range says so.
  if (departmentIds.length > 0)
    checks.push(warning('regime', '通讯录权限', `没有结论：${regime.text}`, regime.fix))
  return { ...findings, refusals: [regime] }
}

async function explainSecret(corp: Named, contact: WecomClient, refusal: Refusal): Promise<Check> {
  const again = `请到${pages.contact}重新查看 Secret，再到${places.corp}更换；重置过 Secret 后旧值立即失效。`
  switch (refusal.errcode) {
    case 40001:
      return failed(id, title, `Secret 错误（企业微信返回 40001）`, again)
    case 40091:
      return failed(
        id,
        title,
        'Secret 无效，可能属于其他企业（企业微信返回 40091）',
        `请确认企业 ID ${corp.corpId} 与 Secret 属于同一企业。${again}`,
      )
    case 40013:
      return failed(
        id,
        title,
        `企业 ID ${corp.corpId} 错误（企业微信返回 40013）`,
        `请到${pages.corp}页面底部复制企业 ID；企业 ID 填错时须重新添加企业。`,
      )
    case 48002:
      return explainKind(contact, again)
    case 60020:
      return warning(id, title, '可以换取 access_token，但本机地址不受信任，无法确认种类，见「可信 IP」')
    default:
      return refusal.passing
        ? warning(id, title, `没有结论：${refusal.text}`, '请稍后再检查一次。')
        : failed(id, title, refusal.text, refusal.fix ?? again)
  }
}

/** list_id is the contact secret's alone, agent/list an application's. */
async function explainKind(contact: WecomClient, again: string): Promise<Check> {
  const agents = await attempt(() => contact.agentList())
  const own = agents.value?.agentlist[0]
  if (own) {
    return failed(
      id,
      title,
      `填写的是自建应用「${own.name}」（AgentId ${own.agentid}）的 Secret，不是通讯录同步的 Secret（48002）`,
      `${again}应用的 Secret 请到${places.agents}添加。`,
    )
  }
  return failed(
    id,
    title,
    'Secret 不能调用通讯录接口（企业微信返回 48002）',
    `请到${pages.contact}开启「API 接口同步」，并使用该页面上的 Secret。`,
  )
}

/** Full or restricted, and what that means for the people who work with it. */
export function explainRegime(corp: Corp, regime: 'full' | 'restricted'): Check {
  const name = '通讯录权限'
  if (regime === 'full') return passed('regime', name, '完整：通讯录同步 Secret 可读取成员与部门详情')
  const limits =
    '受 2022 年 8 月 15 日起的限制（48009）：通讯录同步 Secret 只能读取 ID；回调中没有姓名，改名不会触发回调，' +
    '在下一次通知或夜间核对时更新；手机、邮箱、头像须由成员登录时授权或由管理员导入'
  const agent = corp.agents.find(one => one.uses.includes('names'))
  if (agent) return passed('regime', name, `${limits}；姓名由应用「${agent.name || agent.agentId}」读取`)
  return failed(
    'regime',
    name,
    `${limits}。没有用于读取姓名的应用，成员与部门只有 ID`,
    `请在${pages.apps}建立一个可见范围为全公司的应用，再到${places.agents}添加它的 AgentId 和 Secret，用途包含读取姓名（names）。`,
  )
}

const sampleSize = 24

/** Whether everything that exists can be seen: an empty or partial answer is never a success (spec §4). */
export async function examineRange(
  corp: Corp,
  findings: ContactFindings,
  namesClient: WecomClient | undefined,
): Promise<Check | undefined> {
  const { departmentIds, memberIds, regime } = findings
  if (!departmentIds || !memberIds) return undefined
  const name = '可见范围'
  const fix = `请到${pages.contact}检查通讯录同步的权限范围。`
  if (departmentIds.length === 0) return failed('visibleRange', name, '企业微信没有返回任何部门', fix)
  if (memberIds.length === 0)
    return failed('visibleRange', name, `有 ${departmentIds.length} 个部门，但没有返回任何成员`, fix)
  if (!departmentIds.includes(1)) {
    return warning('visibleRange', name, '根部门（1）不可见：只能同步部分通讯录', fix)
  }
  const seen = `可见 ${departmentIds.length} 个部门（含根部门）`
  if (regime !== 'restricted') return passed('visibleRange', name, seen)
  if (!namesClient) return warning('visibleRange', name, `${seen}的 ID；没有可读取姓名的应用`)
  const missing = await missingForAgent(namesClient, departmentIds, memberIds)
  if (!missing.value) return warning('visibleRange', name, `没有结论：${missing.text}`, missing.fix)
  const { departments, members, sampled } = missing.value
  if (departments === 0 && members === 0)
    return passed('visibleRange', name, `${seen}，读取姓名的应用全部可见`)
  const agent = corp.agents.find(one => one.uses.includes('names'))
  return warning(
    'visibleRange',
    name,
    `读取姓名的应用「${agent?.name || agent?.agentId}」看不到 ${departmentIds.length} 个部门中的 ${departments} 个；` +
      `抽查的 ${sampled} 名成员中有 ${members} 名不可见，他们只有账号与部门，没有姓名`,
    `请到${pages.apps}把该应用的可见范围改为全公司。`,
  )
}

type Missing = { departments: number; members: number; sampled: number }

function missingForAgent(
  client: WecomClient,
  departmentIds: number[],
  memberIds: Ids,
): Promise<Outcome<Missing>> {
  return attempt(async () => {
    const visible = new Set((await client.departmentList()).department.map(one => one.id))
    const userIds = [...new Set(memberIds.map(one => one.userid))]
    const step = Math.max(1, Math.floor(userIds.length / sampleSize))
    const sample = userIds.filter((_, index) => index % step === 0).slice(0, sampleSize)
    const answers = await Promise.all(sample.map(userId => attempt(() => client.userGet(userId))))
    return {
      departments: departmentIds.filter(one => !visible.has(one)).length,
      members: answers.filter(one => !one.value && one.errcode === 60011).length,
      // Those that gave no answer were not looked at.
      sampled: answers.filter(one => one.value || !one.passing).length,
    }
  })
}
