import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { zoneOf } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { directoryCommand } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
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

const userId = requiredText('<userId>', {
  zh: '外部人员的账号，见 external list',
  en: 'account of the external person, see external list',
})
const contacts = {
  mobile: text('--mobile <number>', { zh: '手机号', en: 'mobile number' }),
  email: text('--email <address>', { zh: '邮箱', en: 'mail address' }),
  sponsorUserId: text('--sponsor <userId>', { zh: '担保人', en: 'sponsor' }),
  department: text('--department <path>', {
    zh: '外部部门，如 承包商/甲公司；没有的会新建',
    en: 'external department, such as 承包商/甲公司; created if it does not exist',
  }),
}
const until = { zh: '到期日，如 2027-06-30；一年以内', en: 'last day, such as 2027-06-30; within a year' }

const list = directoryCommand({
  path: 'external list',
  point: 'directory:external',
  summary: { zh: '列出外部人员', en: 'List external people' },
  parts: {
    text: text('--text <words>', {
      zh: '姓名、账号、手机号、邮箱或单位',
      en: 'name, account, mobile, mail or organisation',
    }),
    state: choice(
      '--state <state>',
      { zh: 'present、ending（30 天内到期）或 ended', en: 'present, ending (within 30 days) or ended' },
      ['present', 'ending', 'ended'],
    ),
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
      one.isSponsorGone ? said({ zh: '（已离开）', en: '(left)' }) : one.sponsorName,
      clockOf(Date.parse(one.endsAt), zone).slice(0, 10),
    ])
    return {
      data: { list: data, total },
      text: table(
        [
          { zh: '账号', en: 'Account' },
          { zh: '姓名', en: 'Name' },
          { zh: '单位', en: 'Organisation' },
          { zh: '手机或邮箱', en: 'Mobile or mail' },
          { zh: '担保人', en: 'sponsor' },
          { zh: '到期', en: 'Expires' },
        ],
        cells,
        { zh: '没有外部人员', en: 'no external people' },
      ),
    }
  },
})

const add = directoryCommand({
  path: 'external add',
  point: 'directory:invite',
  summary: {
    zh: '添加外部人员；手机号与邮箱至少一个',
    en: 'Add an external person, with a mobile number or a mail address at least',
  },
  parts: {
    name: requiredText('<name>', { zh: '姓名', en: 'name' }),
    organisation: requiredText('<organisation>', { zh: '所属单位', en: 'organisation of the person' }),
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
    return {
      data: { userId: made },
      text: said({ zh: `已添加，账号 ${made}`, en: `added with the account ${made}` }),
    }
  },
})

const set = directoryCommand({
  path: 'external set',
  point: 'directory:invite',
  summary: {
    zh: '修改外部人员或续期；没有写的不变',
    en: 'Change an external person or extend the stay; what is not given stays',
  },
  parts: {
    userId,
    name: text('--name <name>', { zh: '姓名', en: 'name' }),
    organisation: text('--organisation <name>', { zh: '所属单位', en: 'organisation of the person' }),
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
    return { data: { userId: named }, text: said({ zh: `已保存 ${named}`, en: `saved ${named}` }) }
  },
})

const end = directoryCommand({
  path: 'external end',
  point: 'directory:invite',
  summary: {
    zh: '结束外部人员；会话与应用令牌立即失效',
    en: 'End the stay of an external person; sessions and app tokens are revoked at once',
  },
  parts: { userId, corp: corpPart },
  async run(ctx: Needs, { userId: named, corp }) {
    const corpId = corpOf(ctx, corp)
    const row = await presentPerson(ctx.db, corpId, named)
    await endPerson(ctx, corpId, row, { actor })
    return {
      data: { userId: row.userId },
      text: said({ zh: `已结束 ${row.name}`, en: `ended the stay of ${row.name}` }),
    }
  },
})

const importFile = directoryCommand({
  path: 'external import',
  point: 'directory:invite',
  summary: {
    zh: '从 CSV 或 Excel（.xlsx）文件添加外部人员；有错的行不导入',
    en: 'Add external people from a CSV or Excel (.xlsx) file; rows with errors are not imported',
  },
  parts: {
    file: requiredText('<file>', { zh: '文件，最多 2000 行', en: 'file of 2000 rows at most' }),
    corp: corpPart,
  },
  async run(ctx: Needs, { file, corp }) {
    const corpId = corpOf(ctx, corp)
    const bytes = await readFile(file)
    const rows = await importPeople(ctx, { corpId, actor }, { bytes, chosen: undefined, fileName: file })
    const data = rows.map(({ line, name, userId, why }) => ({ line, name, userId, why: said(why ?? '') }))
    const done = data.filter(one => one.userId !== '').length
    const lines = data
      .filter(one => one.why !== '')
      .map(one =>
        said({
          zh: `第 ${one.line} 行 ${one.name}：${one.why}`,
          en: `row ${one.line} ${one.name}: ${one.why}`,
        }),
      )
    return {
      data,
      text: [
        said({
          zh: `已添加 ${done} 人，共 ${data.length} 行`,
          en: `added ${done} people of ${data.length} rows`,
        }),
        ...lines,
      ].join('\n'),
    }
  },
})

const proposals = directoryCommand({
  path: 'external proposals',
  point: 'directory:external',
  summary: {
    zh: '列出手机号与成员相同的外部人员，可能已成为成员',
    en: 'List external people with the mobile number of a member, who may have become that member',
  },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const list = await listBecoming(ctx.db, { corpIds: [corpOf(ctx, corp)] })
    const data = list.map(one => ({
      userId: one.externalUserId,
      memberUserId: one.memberUserId,
      isProved: one.provedAt !== null,
    }))
    const cells = data.map(one => [
      one.userId,
      one.memberUserId,
      one.isProved
        ? said({ zh: '本人已证明', en: 'proved by the person' })
        : said({ zh: '本人未证明', en: 'not proved by the person' }),
    ])
    return {
      data,
      text: table(
        [
          { zh: '外部人员', en: 'External person' },
          { zh: '成员', en: 'Member' },
          { zh: '状态', en: 'State' },
        ],
        cells,
        {
          zh: '没有待确认的外部人员',
          en: 'no external people wait for confirmation',
        },
      ),
    }
  },
})

const decide = directoryCommand({
  path: 'external decide',
  point: 'directory:invite',
  summary: {
    zh: '确认或驳回外部人员成为成员；确认须在本人证明之后',
    en: 'Confirm or refuse that an external person became a member; it can be confirmed once the person has proved it',
  },
  parts: {
    userId,
    memberUserId: requiredText('<memberUserId>', { zh: '成员账号', en: 'account of the member' }),
    decision: choice(
      '--decision <decision>',
      { zh: 'accept 或 refuse，默认 accept', en: 'accept or refuse, accept by default' },
      ['accept', 'refuse'],
    ),
    corp: corpPart,
  },
  async run(ctx: Needs, { userId: named, memberUserId, decision = 'accept', corp }) {
    const corpId = corpOf(ctx, corp)
    const { externalId, memberId } = await pairOf(ctx, corpId, { userId: named, memberUserId })
    await decideBecoming(ctx, corpId, { externalId, memberId, accept: decision === 'accept', actor })
    return {
      data: { userId: named, decision },
      text:
        decision === 'accept'
          ? said({ zh: '已确认', en: 'confirmed' })
          : said({ zh: '已驳回', en: 'refused' }),
    }
  },
})

export const externalCommands = [list, add, set, end, importFile, proposals, decide]
