import { Type } from 'typebox'
import { zoneOf } from '../../../organisation/corps/corps.ts'
import { userKey } from '../../../organisation/directory/mirror/members.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { adminPaging } from '../../../platform/http/admin/paging.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalChoice, optionalText, structured, text } from '../../../platform/http/input.ts'
import { pageOf } from '../../../platform/http/list-input.ts'
import { told } from '../../../platform/http/told.ts'
import { decideBecoming } from '../becoming/become.ts'
import { listBecoming } from '../becoming/becoming-store.ts'
import { sponsorGiven } from '../console-calls.ts'
import { listPeople } from '../external-store.ts'
import { readEnd } from '../import/import.ts'
import { addPeople, type ExternalNeeds, endPerson, presentPerson, setPerson } from '../people.ts'
import { externalSchema, externalShape, sampleExternal, wireOf } from '../person-view.ts'
import type { MailNeeds } from '../sign-in/send-mail.ts'

const userId = text({ zh: '外部人员的账号', en: 'Userid of the person from outside' }, { max: 64 })
const { name, organisation, mobile, email, sponsorUserId, sponsorDepartment, endsAt, departmentId } =
  externalShape

const open = {
  mobile: Type.Optional(mobile),
  email: Type.Optional(email),
  departmentId: Type.Optional(departmentId),
  sponsorUserId: Type.Optional(sponsorUserId),
  sponsorDepartment: Type.Optional(sponsorDepartment),
}
const newShape = Type.Object({ name, organisation, endsAt, ...open }, { additionalProperties: false })
const changeShape = Type.Partial(newShape, { additionalProperties: false })

const base = { scope: 'admin:directory', reach: 'corp', directory: true } as const
const reading = { ...base, point: 'directory:external' } as const
const editing = { ...base, point: 'directory:invite' } as const

export const adminExternal = adminCall({
  method: 'GET',
  path: '/api/admin/externalPeople',
  summary: { zh: '列出外部人员', en: 'List people from outside WeCom' },
  ...reading,
  input: {
    text: optionalText(
      { zh: '姓名、账号、手机号、邮箱或单位', en: 'Name, userid, mobile, mail or organisation' },
      { max: 64 },
    ),
    state: optionalChoice(
      {
        zh: 'present、ending（30 天内到期）或 ended，默认 present',
        en: 'present, ending (within 30 days) or ended; present by default',
      },
      ['present', 'ending', 'ended'],
    ),
    ...adminPaging,
  },
  output: Type.Object({ list: Type.Array(externalSchema), total: Type.Integer() }),
  errors: [],
  sample: { list: [sampleExternal], total: 1 },
  async handle(ctx: ExternalNeeds, { corpId, input }) {
    const filter = {
      state: input.state ?? ('present' as const),
      words: input.text ?? '',
      now: new Date(ctx.now()),
    }
    const { rows, total } = await listPeople(ctx.db, corpId, filter, pageOf(input))
    return { list: rows.map(one => wireOf(ctx.mirrors.of(corpId), one)), total }
  },
})

const wireNow = async (ctx: ExternalNeeds, corpId: string, userId: string) =>
  wireOf(ctx.mirrors.of(corpId), await presentPerson(ctx.db, corpId, userId))

export const adminAddExternal = adminCall({
  method: 'POST',
  path: '/api/admin/externalPerson/add',
  summary: { zh: '添加外部人员', en: 'Add somebody from outside WeCom' },
  description: {
    zh: '手机号与邮箱至少一个；担保人与担保部门二选一；到期时间在一年内。',
    en: 'A mobile number or a mail address; a sponsor or a department that sponsors them; an end within a year.',
  },
  ...editing,
  input: {
    person: structured(
      { zh: '姓名、联系方式、单位、担保人与到期', en: 'Name, contacts, organisation, sponsor and end' },
      newShape,
    ),
  },
  output: externalSchema,
  errors: ['unknownMember', 'unknownDepartment'],
  sample: sampleExternal,
  sampleInput: {
    person: {
      name: '王师傅',
      email: 'wang-{unique}@example.com',
      organisation: '甲公司',
      sponsorUserId: '{userId}',
      endsAt: '2027-06-30T23:59:59+08:00',
    },
  },
  async handle(ctx: ExternalNeeds, { corpId, input: { person }, caller }) {
    const { departmentId: department, mobile = '', email = '', endsAt, name, organisation } = person
    const end = readEnd(endsAt, zoneOf(ctx, corpId))
    const given = { name, organisation, mobile, email, department, endsAt: end }
    const sponsor = sponsorGiven(person)
    const [made = ''] = await addPeople(ctx, caller.actor, corpId, [{ ...given, sponsor }])
    return wireNow(ctx, corpId, made)
  },
})

export const adminSetExternal = adminCall({
  method: 'POST',
  path: '/api/admin/externalPerson/set',
  summary: { zh: '修改外部人员，续期', en: 'Change somebody from outside WeCom, or renew them' },
  description: {
    zh: '只写要修改的项。更换手机号或邮箱后，其会话与应用令牌失效。',
    en: 'Give what changes. With another mobile or mail address their sessions and application tokens end.',
  },
  ...editing,
  input: { userId, person: structured({ zh: '要修改的项', en: 'What changes' }, changeShape) },
  output: externalSchema,
  errors: ['unknownMember', 'unknownDepartment'],
  sample: sampleExternal,
  sampleInput: { userId: sampleExternal.userId, person: { organisation: '乙公司' } },
  async handle(ctx: ExternalNeeds, { corpId, input, caller }) {
    const { departmentId: department, endsAt, sponsorUserId, sponsorDepartment, ...rest } = input.person
    const isChosen = sponsorUserId || sponsorDepartment
    await setPerson(ctx, caller.actor, corpId, input.userId, {
      ...rest,
      department,
      ...(endsAt === undefined ? {} : { endsAt: readEnd(endsAt, zoneOf(ctx, corpId)) }),
      ...(isChosen ? { sponsor: sponsorGiven(input.person) } : {}),
    })
    return wireNow(ctx, corpId, input.userId)
  },
})

export const adminEndExternal = adminCall({
  method: 'POST',
  path: '/api/admin/externalPerson/end',
  summary: { zh: '结束外部人员', en: 'End somebody from outside WeCom' },
  ...editing,
  input: { userId },
  output: Type.Object({ userId: externalShape.userId }),
  errors: ['unknownMember'],
  sample: { userId: sampleExternal.userId },
  sampleInput: { userId: sampleExternal.userId },
  async handle(ctx: ExternalNeeds, { corpId, input, caller }) {
    const row = await presentPerson(ctx.db, corpId, input.userId)
    await endPerson(ctx, corpId, row, { actor: caller.actor })
    return { userId: row.userId }
  },
})

/** The pair of these two. Throws 1000. */
export async function pairOf(
  ctx: ExternalNeeds,
  corpId: string,
  { userId: outside, memberUserId }: { userId: string; memberUserId: string },
) {
  const all = await listBecoming(ctx.db, { corpIds: [corpId] })
  const found = all.find(
    one =>
      userKey(one.externalUserId) === userKey(outside) && userKey(one.memberUserId) === userKey(memberUserId),
  )
  if (found) return found
  throw new ApiError('badParameter', {
    zh: told`${outside} 与 ${memberUserId} 没有待确认的关联：手机号不同，或已经处理`,
    en: told`${outside} and ${memberUserId} are no pair that waits: their mobiles differ, or it was decided`,
  })
}

const proposalSchema = Type.Object({
  userId: externalShape.userId,
  memberUserId: Type.String({ about: { zh: '手机号相同的成员', en: 'The member with the same mobile' } }),
  isProved: Type.Boolean({
    about: { zh: '本人已证明', en: 'The person has proved that both are theirs' },
  }),
})

export const adminProposals = adminCall({
  method: 'GET',
  path: '/api/admin/externalPerson/proposals',
  summary: {
    zh: '列出可能已成为成员的外部人员',
    en: 'List people from outside who may have become members',
  },
  ...reading,
  input: {},
  output: Type.Object({ list: Type.Array(proposalSchema) }),
  errors: [],
  sample: { list: [{ userId: sampleExternal.userId, memberUserId: 'wangwu', isProved: true }] },
  async handle(ctx: ExternalNeeds, { corpId }) {
    const list = await listBecoming(ctx.db, { corpIds: [corpId] })
    return {
      list: list.map(one => ({
        userId: one.externalUserId,
        memberUserId: one.memberUserId,
        isProved: one.provedAt !== null,
      })),
    }
  },
})

export const adminDecide = adminCall({
  method: 'POST',
  path: '/api/admin/externalPerson/decide',
  summary: {
    zh: '确认或驳回外部人员成为成员',
    en: 'Confirm or refuse that somebody from outside became a member',
  },
  description: {
    zh: '确认须在本人用验证码证明之后；确认后外部人员账号结束，旧账号 30 天内仍指该成员。',
    en: 'A yes comes after the person proved it by a code: the account from outside ends, and its userid stands for the member for 30 days.',
  },
  ...editing,
  input: {
    userId,
    memberUserId: text({ zh: '成员账号', en: 'Userid of the member' }, { max: 64 }),
    decision: optionalChoice(
      { zh: 'accept 或 refuse，默认 accept', en: 'accept or refuse; accept by default' },
      ['accept', 'refuse'],
    ),
  },
  output: Type.Object({ userId: externalShape.userId }),
  errors: [],
  sample: { userId: sampleExternal.userId },
  sampleInput: { userId: sampleExternal.userId, memberUserId: 'wangwu' },
  async handle(ctx: ExternalNeeds & MailNeeds, { corpId, input, caller }) {
    const { externalId, memberId } = await pairOf(ctx, corpId, input)
    const accept = input.decision !== 'refuse'
    await decideBecoming(ctx, corpId, { externalId, memberId, accept, actor: caller.actor })
    return { userId: input.userId }
  },
})
