import { addDeveloper, rotateSecret } from '../../../server/callers/developers/developer-admin.ts'
import { forgetFirstPassword } from '../../../server/callers/sign-in/account-store.ts'
import {
  ensureAdministrator,
  resetAdministratorPassword,
} from '../../../server/callers/sign-in/administrator.ts'
import type { Context } from '../../../server/context.ts'
import { addApp, listApps } from '../../../server/features/apps/apps.ts'
import { storeMedia } from '../../../server/features/message-media/media.ts'
import type { Definition } from '../../../server/features/message-types/definition.ts'
import { putType } from '../../../server/features/message-types/put-type.ts'
import { memberOf, setRole } from '../../../server/organisation/people/administrators.ts'
import { scopes } from '../../../server/platform/http/scope.ts'
import type { Demo, DemoCompat, DemoLdap, DemoPay } from '../demo-file.ts'
import type { SandboxInfo } from '../sandbox-control.ts'
import { setUpAgents } from './agents.ts'
import { connectApprovals } from './approvals.ts'
import { connectCompat } from './compat.ts'
import { connectCorp, syncFully } from './corp.ts'
import { addExternalPeople } from './external-people.ts'
import { connectLdap } from './ldap.ts'
import { addMemberGroup } from './member-group.ts'
import { addGroupChat, addGroupRobots, connectMessageCentre, smsVendorsOf } from './message-centre.ts'
import { bindOfficialAccounts } from './official-accounts.ts'
import { connectPayments } from './payments.ts'

const actor = 'cli'

export type SetupResult = Omit<
  Demo,
  'platformUrl' | 'sandboxUrl' | 'sampleUrl' | 'oidc' | 'cas' | 'pay' | 'compat' | 'ldap' | 'hasHistory'
> & {
  pay?: Omit<DemoPay, 'appUrl'> | undefined
  compat?: Omit<DemoCompat, 'base'> | undefined
  ldap?: Omit<DemoLdap, 'url'> | undefined
}

/**
 * Fills an empty wisp with the sandbox's corp. Any step may already have been done by an earlier start that
 * was killed, so each one checks first.
 */
export async function fillWithSampleCorp(ctx: Context, info: SandboxInfo): Promise<SetupResult> {
  const agent = await connectCorp(ctx, actor, info, { name: '示例企业' })
  await connectMessageCentre(ctx, actor, info, agent.agentId)
  await syncFully(ctx, actor, info)
  const { corpId, contactSecret } = info
  const developer = await sampleDeveloper(ctx, corpId)
  const appId = await sampleApp(ctx, corpId, developer.devId, agent.agentId)
  await putType(ctx, { actor, devId: developer.devId }, corpId, sampleType.key, sampleType.definition)
  await putType(ctx, { actor, devId: null }, corpId, corpType.key, corpType.definition)
  await sampleRoles(ctx, corpId)
  const robots = await addGroupRobots(ctx, actor, info, developer.devId)
  const external = await addExternalPeople(ctx, actor, corpId, appId)
  const group = await addMemberGroup(ctx, actor, corpId)
  const chat = await addGroupChat(ctx, corpId, developer.devId)
  const contactCallback = { ...ctx.corps.get(corpId).callback }
  const agents = await setUpAgents(ctx, actor, corpId)
  const official = await bindOfficialAccounts(ctx, actor, info)
  const file = Buffer.from('欢迎使用 wisp。\nWelcome to wisp.\n')
  const owner = { corpId, devId: developer.devId }
  const { mediaId } = await storeMedia(ctx, owner, { name: '欢迎.txt', bytes: file })
  const pay = await connectPayments(ctx, actor, info, developer.devId)
  const compat = await connectCompat(ctx, actor, corpId, developer.devId)
  const ldap = await connectLdap(ctx, actor, corpId)
  const approval = await connectApprovals(ctx, actor, corpId, {
    agentId: agent.agentId,
    appId,
    devId: developer.devId,
  })
  const admin = await administrator(ctx)
  const { agentId } = agent
  return {
    corpId,
    ...developer,
    admin,
    contactSecret,
    contactCallback,
    appId,
    agentId,
    agents,
    official,
    pay,
    compat,
    ldap,
    approval,
    messageType: sampleType.key,
    robots,
    external,
    group,
    ...(chat ? { chat } : {}),
    smsVendors: smsVendorsOf(ctx, corpId),
    mediaId,
  }
}

/** By which a stranger sends a first message. */
const sampleType: { key: string; definition: Definition } = {
  key: 'leave-approved',
  definition: {
    name: '请假审批',
    level: 'normal',
    channels: ['wecom', 'email'],
    templates: {
      wecom: { zh: { content: '{{ member.name }}，你的 {{ days }} 天假已批准。' } },
      email: { zh: { title: '请假已批准', content: '{{ member.name }}，你的 {{ days }} 天假已批准。' } },
    },
    sample: { days: 3 },
  },
}

/** By which an administrator sends one in the console. */
const corpType: { key: string; definition: Definition } = {
  key: 'office-closed',
  definition: {
    name: '行政通知',
    level: 'normal',
    channels: ['wecom', 'email'],
    templates: {
      wecom: { zh: { content: '{{ member.name }}，{{ date }}{{ place }}暂停开放。' } },
      email: {
        zh: { title: '{{ place }}暂停开放', content: '{{ member.name }}，{{ date }}{{ place }}暂停开放。' },
      },
    },
    sample: { date: '12 月 5 日', place: '三号楼食堂' },
  },
}

/** Calls that the sandbox answers, to try having them passed on. */
const upstreamPaths = [
  'wecom/checkin/getcheckindata',
  'wecom/media/get',
  'wecom/media/upload',
  'wecom/oa/meetingroom/add',
  'wecom/oa/meetingroom/list',
  'official/shorten/fetch',
  'official/shorten/gen',
]

/**
 * The developer's secret is stored in demo.json only. Without that file the developer gets a new secret,
 * because the old one cannot be read from the database.
 */
async function sampleDeveloper(ctx: Context, corpId: string): Promise<{ devId: string; devSecret: string }> {
  const name = '示例开发者'
  const rows = await ctx.db
    .selectFrom('developer')
    .select('dev_id')
    .where('corp_id', '=', corpId)
    .where('name', '=', name)
    .execute()
  const known = rows.map(row => row.dev_id).find(devId => ctx.developers.get(devId))
  const owners = ctx.mirrors.of(corpId).members.byKey('zhangsan') ? ['zhangsan'] : []
  // All scopes, so that every call can be tried.
  if (!known)
    return addDeveloper(ctx, actor, corpId, {
      name,
      scopes: [...scopes],
      packets: 'allowed',
      owners,
      upstreamPaths,
      approvePersonal: true,
    })
  const { devId, devSecret } = await rotateSecret(ctx, actor, known, true)
  return { devId, devSecret }
}

async function sampleApp(ctx: Context, corpId: string, devId: string, agentId: number): Promise<string> {
  const known = (await listApps(ctx, corpId)).find(app => app.devId === devId && app.agentId === agentId)
  return (
    known?.id ??
    (await addApp(ctx, actor, corpId, { name: '示例应用', devId, agentId, payShortcut: true })).id
  )
}

/**
 * Sets the roles of the first members of every sample corp: 张三 is a super administrator, 李四 a graded
 * administrator of his own department.
 */
async function sampleRoles(ctx: Context, corpId: string): Promise<void> {
  const has = (userId: string) => ctx.mirrors.of(corpId).members.byKey(userId) !== undefined
  if (has('zhangsan')) await setRole(ctx, actor, corpId, 'zhangsan', { level: 2, departments: [] })
  if (!has('lisi')) return
  const departmentId = memberOf(ctx, corpId, 'lisi').departments[0]
  if (departmentId === undefined) return
  await setRole(ctx, actor, corpId, 'lisi', { level: 3, departments: [{ departmentId, manage: true }] })
}

async function administrator(ctx: Context): Promise<{ user: string; password: string }> {
  const given = ctx.config.adminPassword
  const made =
    (await ensureAdministrator(ctx)) ?? (await resetAdministratorPassword(ctx, actor, given || undefined))
  // demo.json has it, and wisp would write it to the log of the demo at each start.
  await forgetFirstPassword(ctx.db, made.user)
  return { user: made.user, password: made.password ?? given }
}
