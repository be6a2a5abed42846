import { type Static, Type } from 'typebox'
import type { Mirror } from '../../organisation/directory/mirror/mirror.ts'
import type { ExternalRow } from './external-store.ts'
import { externalVersion } from './people.ts'

const about = (zh: string, en: string) => ({ about: { zh, en } })

export const externalShape = {
  userId: Type.String(about('账号，ext_ 开头', 'Userid, which begins with ext_')),
  name: Type.String({ minLength: 1, maxLength: 64, ...about('姓名', 'Name') }),
  mobile: Type.String({ maxLength: 32, ...about('手机号', 'Mobile number') }),
  email: Type.String({ maxLength: 254, ...about('邮箱', 'Mail address') }),
  organisation: Type.String({ minLength: 1, maxLength: 64, ...about('所属单位', 'Organisation') }),
  departmentId: Type.Integer(about('外部部门，2^33 起', 'Department of people from outside, from 2^33')),
  sponsorUserId: Type.String({
    maxLength: 64,
    ...about('担保人（成员），与 sponsorDepartment 二选一', 'Sponsor, a member; or sponsorDepartment'),
  }),
  sponsorDepartment: Type.Integer(about('担保部门，没有为 0', 'Department that sponsors them; 0 for none')),
  endsAt: Type.String(
    about('到期时间，ISO 8601；写入时也可为日期', 'When they end, ISO 8601; also taken as a day'),
  ),
  endedAt: Type.String(about('结束时间，未结束为空', 'When they ended; empty before')),
}

export const externalSchema = Type.Object({
  ...externalShape,
  sponsorName: Type.String(about('担保人或部门的名称', 'Name of the sponsor or department')),
  isSponsorGone: Type.Boolean(about('担保人已离开', 'The sponsor has left')),
})
export type ExternalWire = Static<typeof externalSchema>

export const rowSchema = Type.Object({
  ...externalSchema.properties,
  memberId: Type.Number(),
  createdBy: Type.String(),
  version: Type.String(),
})

export function wireOf({ members, tree }: Mirror, row: ExternalRow): ExternalWire {
  const sponsor = row.sponsorId === null ? undefined : members.byId(row.sponsorId)
  const department = row.sponsorDepartment === null ? undefined : tree.get(row.sponsorDepartment)?.department
  const { userId, name, mobile, email, organisation, departmentId } = row
  return {
    userId,
    name,
    mobile,
    email,
    organisation,
    departmentId,
    sponsorUserId: sponsor?.userId ?? '',
    sponsorDepartment: row.sponsorDepartment ?? 0,
    sponsorName: sponsor?.name ?? department?.name ?? '',
    isSponsorGone: !sponsor && !department,
    endsAt: row.endsAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? '',
  }
}

export function rowOf(mirror: Mirror, row: ExternalRow): Static<typeof rowSchema> {
  const { memberId, createdBy } = row
  return { ...wireOf(mirror, row), memberId, createdBy, version: externalVersion(row) }
}

export const sampleExternal: ExternalWire = {
  userId: 'ext_k3v9x2m7q4w8a5bd',
  name: '王师傅',
  mobile: '13900000001',
  email: '',
  organisation: '甲公司',
  departmentId: 8_589_934_592,
  sponsorUserId: 'zhangsan',
  sponsorDepartment: 0,
  sponsorName: '张三',
  isSponsorGone: false,
  endsAt: '2027-06-30T15:59:59.000Z',
  endedAt: '',
}
