import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { zoneOf } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { directoryCommand } from '../../platform/command/command.ts'
import { choice, requiredText, text } from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import { clockOf } from '../../platform/moments.ts'
import { pairOf } from './admin/external-admin-calls.ts'
import { decideBecoming } from './becoming/become.ts'
import { listBecoming } from './becoming/becoming-store.ts'
import { sponsorGiven } from './console-calls.ts'
import { listPeople } from './external-store.ts'
import { importPeople, readEnd } from './import/import.ts'
import { addPeople, type ExternalNeeds, endPerson, presentPerson, setPerson } from './people.ts'
import { wireOf } from './person-view.ts'
import type { MailNeeds } from './sign-in/send-mail.ts'

type Needs = ExternalNeeds & MailNeeds

const userId = requiredText('<userId>', '外部人员的账号，见 external list')
const contacts = {
  mobile: text('--mobile <number>', '手机号'),
  email: text('--email <address>', '邮箱'),
  sponsorUserId: text('--sponsor <userId>', '担保人'),
  department: text('--department <path>', '外部部门，如 承包商/甲公司；没有的会新建'),
}
const until = '到期日，如 2027-06-30；一年以内'

const list = directoryCommand({
  path: 'external list',
  point: 'directory:external',
  summary: '列出外部人员',
  parts: {
    text: text('--text <words>', '姓名、账号、手机号、邮箱或单位'),
    state: choice('--state <state>', 'present、ending（30 天内到期）或 ended', [
      'present',
      'ending',
      'ended',
    ]),
    corp: corpPart,
  },
  async run(ctx: Needs, { text: words = '', state = 'present', corp }) {
    const corpId = corpOf(ctx, corp)
    const filter = { state, words, now: new Date(ctx.now()) } as const
    const { rows, total } = await listPeople(ctx.db, corpId, filter, { limit: 1000, offset: 0 })
    const data = rows.map(one => wireOf(ctx.mirrors.of(corpId), one))
    const zone = zoneOf(ctx, corpId)
    const cells = data.map(one => [
      one.userId,
      one.name,
      one.organisation,
      one.mobile || one.email,
      one.isSponsorGone ? '（已离开）' : one.sponsorName,
      clockOf(Date.parse(one.endsAt), zone).slice(0, 10),
    ])
    return {
      data: { list: data, total },
      text: table(['账号', '姓名', '单位', '手机或邮箱', '担保人', '到期'], cells, '没有外部人员'),
    }
  },
})

const add = directoryCommand({
  path: 'external add',
  point: 'directory:invite',
  summary: '添加外部人员；手机号与邮箱至少一个',
  parts: {
    name: requiredText('<name>', '姓名'),
    organisation: requiredText('<organisation>', '所属单位'),
    endsAt: requiredText('<end>', until),
    corp: corpPart,
    ...contacts,
  },
  async run(ctx: Needs, { corp, endsAt, mobile = '', email = '', sponsorUserId, ...given }) {
    const corpId = corpOf(ctx, corp)
    const sponsor = sponsorGiven({ sponsorUserId })
    const end = readEnd(endsAt, zoneOf(ctx, corpId))
    const [made = ''] = await addPeople(ctx, actor, corpId, [
      { ...given, mobile, email, sponsor, endsAt: end },
    ])
    return { data: { userId: made }, text: `已添加，账号 ${made}` }
  },
})

const set = directoryCommand({
  path: 'external set',
  point: 'directory:invite',
  summary: '修改外部人员或续期；没有写的不变',
  parts: {
    userId,
    name: text('--name <name>', '姓名'),
    organisation: text('--organisation <name>', '所属单位'),
    endsAt: text('--until <end>', until),
    corp: corpPart,
    ...contacts,
  },
  async run(ctx: Needs, { userId: named, corp, endsAt, sponsorUserId, ...given }) {
    const corpId = corpOf(ctx, corp)
    await setPerson(ctx, actor, corpId, named, {
      ...given,
      ...(sponsorUserId ? { sponsor: sponsorGiven({ sponsorUserId }) } : {}),
      ...(endsAt ? { endsAt: readEnd(endsAt, zoneOf(ctx, corpId)) } : {}),
    })
    return { data: { userId: named }, text: `已保存 ${named}` }
  },
})

const end = directoryCommand({
  path: 'external end',
  point: 'directory:invite',
  summary: '结束外部人员；会话与应用令牌立即失效',
  parts: { userId, corp: corpPart },
  async run(ctx: Needs, { userId: named, corp }) {
    const corpId = corpOf(ctx, corp)
    const row = await presentPerson(ctx.db, corpId, named)
    await endPerson(ctx, corpId, row, { actor })
    return { data: { userId: row.userId }, text: `已结束 ${row.name}` }
  },
})

const importFile = directoryCommand({
  path: 'external import',
  point: 'directory:invite',
  summary: '从 CSV 或 Excel（.xlsx）文件添加外部人员；有错的行不导入',
  parts: { file: requiredText('<file>', '文件，最多 2000 行'), corp: corpPart },
  async run(ctx: Needs, { file, corp }) {
    const corpId = corpOf(ctx, corp)
    const bytes = await readFile(file)
    const rows = await importPeople(ctx, { corpId, actor }, { bytes, chosen: undefined, fileName: file })
    const data = rows.map(({ line, name, userId, why }) => ({ line, name, userId, why: why?.zh ?? '' }))
    const done = data.filter(one => one.userId !== '').length
    const lines = data.filter(one => one.why !== '').map(one => `第 ${one.line} 行 ${one.name}：${one.why}`)
    return { data, text: [`已添加 ${done} 人，共 ${data.length} 行`, ...lines].join('\n') }
  },
})

const proposals = directoryCommand({
  path: 'external proposals',
  point: 'directory:external',
  summary: '列出手机号与成员相同的外部人员，可能已成为成员',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const list = await listBecoming(ctx.db, { corpIds: [corpOf(ctx, corp)] })
    const data = list.map(one => ({
      userId: one.externalUserId,
      memberUserId: one.memberUserId,
      isProved: one.provedAt !== null,
    }))
    const cells = data.map(one => [one.userId, one.memberUserId, one.isProved ? '本人已证明' : '本人未证明'])
    return { data, text: table(['外部人员', '成员', '状态'], cells, '没有待确认的外部人员') }
  },
})

const decide = directoryCommand({
  path: 'external decide',
  point: 'directory:invite',
  summary: '确认或驳回外部人员成为成员；确认须在本人证明之后',
  parts: {
    userId,
    memberUserId: requiredText('<memberUserId>', '成员账号'),
    decision: choice('--decision <decision>', 'accept 或 refuse，默认 accept', ['accept', 'refuse']),
    corp: corpPart,
  },
  async run(ctx: Needs, { userId: named, memberUserId, decision = 'accept', corp }) {
    const corpId = corpOf(ctx, corp)
    const { externalId, memberId } = await pairOf(ctx, corpId, { userId: named, memberUserId })
    await decideBecoming(ctx, corpId, { externalId, memberId, accept: decision === 'accept', actor })
    return { data: { userId: named, decision }, text: decision === 'accept' ? '已确认' : '已驳回' }
  },
})

export const externalCommands = [list, add, set, end, importFile, proposals, decide]
