import { type Static, Type } from 'typebox'
import type { ConsentRow } from '../../../callers/consents/store.ts'
import { time } from '../../../platform/http/output.ts'
import type { PersonHold } from '../holds/hold-store.ts'
import type { RegisterRow } from '../register.ts'
import type { PersonRequest } from '../request-store.ts'

export const timeOrNull = Type.Union([time, Type.Null()])
const wordsShape = Type.Object({ zh: Type.String(), en: Type.String() })

export const requestShape = Type.Object({
  id: Type.Integer({ about: { zh: '编号', en: 'Number' } }),
  kind: Type.Enum(['copy', 'erase'], { about: { zh: '副本或删除', en: 'A copy, or an erasure' } }),
  memberId: Type.Integer({ about: { zh: '人员编号', en: 'Number of the person' } }),
  userId: Type.String({ about: { zh: '账号；删除后为空', en: 'Userid; empty after the erasure' } }),
  name: Type.String({ about: { zh: '姓名；删除后为空', en: 'Name; empty after the erasure' } }),
  state: Type.Enum(['asked', 'done', 'refused', 'failed'], { about: { zh: '状态', en: 'State' } }),
  cause: Type.Enum(['own', 'asked', 'leaver', 'again'], {
    about: {
      zh: '本人、管理员、离职到期、备份恢复后',
      en: 'The person, an administrator, time after leaving, after a restore',
    },
  }),
  reason: Type.String({ about: { zh: '原因', en: 'Reason' } }),
  askedBy: Type.String({ about: { zh: '申请人', en: 'Who asked' } }),
  askedAt: time,
  endedAt: timeOrNull,
  rows: Type.Integer({ about: { zh: '复制或处理的行数', en: 'Rows copied or erased' } }),
  why: Type.Union([wordsShape, Type.Null()], { about: { zh: '拒绝的原因', en: 'Why it was refused' } }),
})

export function requestView({ report, ...request }: PersonRequest): Static<typeof requestShape> {
  const rows = Object.values(report.rows ?? {}).reduce((sum, n) => sum + n, 0)
  return { ...request, rows, why: report.why ?? null }
}

export const holdShape = Type.Object({
  id: Type.Integer({ about: { zh: '编号', en: 'Number' } }),
  memberId: Type.Integer({ about: { zh: '人员编号', en: 'Number of the person' } }),
  userId: Type.String({ about: { zh: '账号', en: 'Userid' } }),
  name: Type.String({ about: { zh: '姓名', en: 'Name' } }),
  reason: Type.String({ about: { zh: '原因', en: 'Reason' } }),
  heldBy: Type.String({ about: { zh: '由谁设置', en: 'Who placed it' } }),
  heldAt: time,
  until: time,
  keptAt: timeOrNull,
  endedAt: timeOrNull,
})

export function holdView({ endedBy: _endedBy, ...hold }: PersonHold): Static<typeof holdShape> {
  return hold
}

export const consentShape = Type.Object({
  id: Type.Integer({ about: { zh: '编号', en: 'Number' } }),
  memberId: Type.Integer({ about: { zh: '人员编号', en: 'Number of the person' } }),
  person: Type.String({ about: { zh: '姓名；已删除的为空', en: 'Name; empty where the person was erased' } }),
  purpose: Type.Enum(['app'], { about: { zh: '用途：应用登录', en: 'Purpose: sign-in of an app' } }),
  subject: Type.String({ about: { zh: '应用', en: 'App' } }),
  name: Type.String({ about: { zh: '当时的名称', en: 'Its name then' } }),
  claims: Type.Array(Type.String(), { about: { zh: '同意提供的字段', en: 'What it is given' } }),
  textHash: Type.String({
    about: { zh: '同意的文本的 SHA-256', en: 'SHA-256 of the text that was agreed to' },
  }),
  how: Type.String({ about: { zh: '方式', en: 'How' } }),
  givenAt: time,
  withdrawnAt: timeOrNull,
})

export function consentView(
  { said, withdrawnHow: _how, ...row }: ConsentRow,
  person: string,
): Static<typeof consentShape> {
  return { ...row, person, name: said.name, claims: said.claims }
}

export const registerShape = Type.Object({
  kind: Type.Enum(['developer', 'app'], { about: { zh: '开发者或应用', en: 'A developer or an app' } }),
  id: Type.String({ about: { zh: '编号', en: 'Id' } }),
  name: Type.String({ about: { zh: '名称', en: 'Name' } }),
  by: Type.Array(Type.String(), { about: { zh: '权限或声明', en: 'Scopes, or claims' } }),
  fields: Type.Array(Type.String(), { about: { zh: '得到的字段', en: 'Fields that were given' } }),
  since: Type.Union([Type.String(), Type.Null()], { about: { zh: '最早的一天', en: 'The first day' } }),
  last: Type.Union([Type.String(), Type.Null()], { about: { zh: '最近的一天', en: 'The last day' } }),
  times: Type.Integer({
    about: {
      zh: '30 天内的次数；应用为有效的同意数',
      en: 'Times in 30 days; of an app, consents that stand',
    },
  }),
  people: Type.Integer({ about: { zh: '30 天内的人数', en: 'People in 30 days' } }),
})

export function registerView({ since, last, ...row }: RegisterRow): Static<typeof registerShape> {
  return { ...row, since: since ?? null, last: last ?? null }
}
