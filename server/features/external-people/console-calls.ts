import { Type } from 'typebox'
import { externalDepartments } from '../../organisation/directory/external-department-store.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { flag, optionalChoice, optionalInteger, optionalText, text, time } from '../../platform/http/input.ts'
import { pageOf, paging, requiredId } from '../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { decideBecoming } from './becoming/become.ts'
import { listBecoming } from './becoming/becoming-store.ts'
import { addDepartment, removeDepartment, renameDepartment } from './departments.ts'
import { listPeople } from './external-store.ts'
import { addPeople, type ExternalNeeds, endPerson, presentPerson, setPerson } from './people.ts'
import { rowOf, rowSchema } from './person-view.ts'
import type { MailNeeds } from './sign-in/send-mail.ts'

const read = { access: administrator('super'), point: 'directory:external' } as const
const edit = { access: administrator('super'), point: 'directory:invite' } as const

export const listExternal = pageCall({
  method: 'GET',
  path: '/web/external/people',
  ...read,
  directory: true,
  input: {
    text: optionalText('姓名、账号、手机号、邮箱或单位', { max: 64 }),
    state: optionalChoice('present、ending（30 天内到期）或 ended，默认 present', [
      'present',
      'ending',
      'ended',
    ]),
    ...paging,
  },
  output: Type.Object({
    list: Type.Array(rowSchema),
    total: Type.Number(),
    departments: Type.Array(Type.Object({ id: Type.Number(), name: Type.String(), parentId: Type.Number() })),
  }),
  async handle(ctx: ExternalNeeds, { input, corpId }) {
    const filter = {
      state: input.state ?? ('present' as const),
      words: input.text ?? '',
      now: new Date(ctx.now()),
    }
    const { rows, total } = await listPeople(ctx.db, corpId, filter, pageOf(input))
    const mirror = ctx.mirrors.of(corpId)
    const departments = await externalDepartments(ctx.db, corpId)
    return { list: rows.map(one => rowOf(mirror, one)), total, departments }
  },
})

const person = {
  name: text('姓名', { max: 64 }),
  mobile: optionalText('手机号', { max: 32 }),
  email: optionalText('邮箱', { max: 254 }),
  organisation: text('所属单位', { max: 64 }),
  department: optionalInteger('外部部门；空为根部门', { min: 0, max: Number.MAX_SAFE_INTEGER }),
  sponsorUserId: optionalText('担保人', { max: 64 }),
  sponsorDepartment: optionalInteger('担保部门', { min: 1, max: Number.MAX_SAFE_INTEGER }),
  endsAt: time('到期时间'),
}

/** Either a member or a department. Throws 1001. */
export function sponsorGiven(given: {
  sponsorUserId?: string | undefined
  sponsorDepartment?: number | undefined
}) {
  if (given.sponsorUserId) return { userId: given.sponsorUserId }
  if (given.sponsorDepartment) return { departmentId: given.sponsorDepartment }
  throw new ApiError('missingParameter', {
    zh: 'sponsorUserId 或 sponsorDepartment：请选择担保人或担保部门',
    en: 'sponsorUserId or sponsorDepartment: choose who sponsors them',
  })
}

export const saveExternal = pageCall({
  method: 'POST',
  path: '/web/external/people/save',
  ...edit,
  directory: true,
  input: {
    userId: optionalText('账号；空为添加', { max: 64 }),
    version: optionalText('打开表单时的 version', { max: 64 }),
    ...person,
  },
  output: Type.Object({ userId: Type.String() }),
  async handle(ctx: ExternalNeeds, { input, visitor: { actor }, corpId }) {
    const { userId, version, sponsorUserId, sponsorDepartment, mobile = '', email = '', ...rest } = input
    const given = { ...rest, mobile, email }
    if (userId) {
      // A sponsor who left is not shown in the form, and stays until another is chosen.
      const isChosen = sponsorUserId || sponsorDepartment
      const sponsor = isChosen ? { sponsor: sponsorGiven(input) } : {}
      await setPerson(ctx, actor, corpId, userId, { ...given, ...sponsor }, version)
      return { userId }
    }
    const [made = ''] = await addPeople(ctx, actor, corpId, [{ ...given, sponsor: sponsorGiven(input) }])
    return { userId: made }
  },
})

export const endExternal = pageCall({
  method: 'POST',
  path: '/web/external/people/end',
  ...edit,
  directory: true,
  input: { userId: text('账号', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: ExternalNeeds, { input, visitor: { actor }, corpId }) {
    const row = await presentPerson(ctx.db, corpId, input.userId)
    await endPerson(ctx, corpId, row, { actor })
    return {}
  },
})

export const saveExternalDepartment = pageCall({
  method: 'POST',
  path: '/web/external/department/save',
  ...edit,
  directory: true,
  input: {
    id: optionalInteger('外部部门；空为添加', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    parentId: optionalInteger('上级', { min: 1, max: Number.MAX_SAFE_INTEGER }),
    name: text('名称', { max: 64 }),
  },
  output: Type.Object({ id: Type.Number() }),
  async handle(ctx: ExternalNeeds, { input: { id, parentId, name }, visitor: { actor }, corpId }) {
    if (id === undefined) return { id: await addDepartment(ctx, actor, corpId, { name, parentId }) }
    await renameDepartment(ctx, actor, corpId, id, name)
    return { id }
  },
})

export const removeExternalDepartment = pageCall({
  method: 'POST',
  path: '/web/external/department/remove',
  ...edit,
  directory: true,
  input: { id: requiredId('外部部门') },
  output: Type.Object({}),
  async handle(ctx: ExternalNeeds, { input, visitor: { actor }, corpId }) {
    await removeDepartment(ctx, actor, corpId, input.id)
    return {}
  },
})

export const listProposals = pageCall({
  method: 'GET',
  path: '/web/external/becoming',
  ...read,
  directory: true,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        externalId: Type.Number(),
        externalUserId: Type.String(),
        externalName: Type.String(),
        organisation: Type.String(),
        memberId: Type.Number(),
        memberUserId: Type.String(),
        memberName: Type.String(),
        isProved: Type.Boolean(),
      }),
    ),
  }),
  async handle(ctx: ExternalNeeds, { corpId }) {
    const list = await listBecoming(ctx.db, { corpIds: [corpId] })
    return { list: list.map(({ provedAt, ...one }) => ({ ...one, isProved: provedAt !== null })) }
  },
})

export const decideProposal = pageCall({
  method: 'POST',
  path: '/web/external/becoming/decide',
  ...edit,
  directory: true,
  input: {
    externalId: requiredId('外部人员'),
    memberId: requiredId('成员'),
    accept: flag('1：确认是同一人'),
  },
  output: Type.Object({}),
  async handle(ctx: ExternalNeeds & MailNeeds, { input, visitor: { actor }, corpId }) {
    await decideBecoming(ctx, corpId, { ...input, actor })
    return {}
  },
})
