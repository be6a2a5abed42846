import { isIP } from 'node:net'
import { type Static, Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import { cronProblem } from '../../platform/cron-line.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, ownWords, told } from '../../platform/http/told.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { OutboundRefused } from '../../platform/security/outbound-policy.ts'
import { fieldOwners, isField, type SourceField } from './plan/fields.ts'
import type { FieldMapping, Mapping } from './plan/read-record.ts'

export const sourceKinds = ['file', 'put', 'sql', 'ldap'] as const
export type SourceKind = (typeof sourceKinds)[number]

const short = (zh: string, en: string) => Type.String({ maxLength: 64, about: { zh, en } })
const list = (zh: string, en: string) =>
  Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20, about: { zh, en } })

/** What people set of a source, without its secret. */
export const settingsShape = {
  key: short(
    '人事源中唯一且不变的一列，例如工号',
    'column that tells people apart and never changes, such as the employee number',
  ),
  userId: short('账号列；空表示唯一列就是账号', 'column of userids; empty where the key is the userid'),
  match: Type.Enum(['userId', 'employeeNo'], {
    about: {
      zh: '已有成员按什么对应：账号，或企业微信自定义字段中的工号',
      en: 'how members who are there are found: by userid, or by the employee number among their attributes',
    },
  }),
  fields: Type.Array(
    Type.Object(
      {
        field: Type.String({ maxLength: 48 }),
        column: Type.String({ maxLength: 64 }),
        owner: Type.Enum([...fieldOwners]),
      },
      { additionalProperties: false },
    ),
    {
      maxItems: 40,
      about: {
        zh: '字段、对应的列、以谁为准（source 人事源，wecom 企业微信，person 本人）',
        en: 'fields, their columns and who decides them: source, wecom or person',
      },
    },
  ),
  status: short(
    '在职状态列；空表示都在职',
    'column that says whether somebody works here; empty: everybody does',
  ),
  here: list('表示在职的值；空为常用的', 'values of those who work here; empty for the usual ones'),
  gone: list('表示离职的值；空为常用的', 'values of those who left; empty for the usual ones'),
  departments: Type.Enum(['path', 'code', 'none'], {
    about: {
      zh: '部门列的写法：path 路径（研发/前端），code 编码（另有部门表），none 不写部门',
      en: 'departments as path (研发/前端), as code of a table of departments, or none',
    },
  }),
  separator: short('一人多个部门之间的分隔', 'between several departments of a person'),
  pathSeparator: short('路径各级之间的分隔', 'between the names of a path'),
  root: Type.Integer({
    minimum: 1,
    maximum: 0x7fffffff,
    about: {
      zh: '写到哪个部门之下，1 为整个企业',
      en: 'department below which it writes; 1 is the whole corp',
    },
  }),
  covers: Type.Enum(['own', 'all'], {
    about: {
      zh: 'own：人事源有过、现在没有的人算离职；all：该部门下所有不在人事源中的人都算离职',
      en: 'own: leavers are whom the source once had; all: everybody below the root who is not in the source',
    },
  }),
  approval: Type.Enum(['ask', 'auto'], {
    about: {
      zh: 'ask：每次由人批准；auto：不超过上限时自动写入',
      en: 'ask: somebody approves each run; auto: written without asking up to the limit',
    },
  }),
  autoAtMost: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    about: { zh: '自动写入的上限（行）', en: 'rows that are written without asking' },
  }),
  plan: Type.String({
    maxLength: 64,
    about: {
      zh: '读取时间，cron；空为不定时',
      en: 'when it is read, a cron line; empty for never by itself',
    },
  }),
  deleteAfterDays: Type.Integer({
    minimum: 0,
    maximum: 3650,
    about: {
      zh: '停用多少天后删除；0 为不删除',
      en: 'days between disabling and deleting leavers; 0: never',
    },
  }),
  developers: list(
    'devId：可提交的开发者；空为没有人可以提交',
    'devIds of those who may give its rows; empty: none may',
  ),
  url: Type.String({
    maxLength: 500,
    about: {
      zh: '地址：postgres://、mysql://、ldap://（StartTLS）或 ldaps://，不含密码；末尾写 ?sslmode=disable 则不加密',
      en: 'address: postgres://, mysql://, ldap:// (StartTLS) or ldaps://, without the password; not encrypted where it ends with ?sslmode=disable',
    },
  }),
  user: Type.String({
    maxLength: 256,
    about: { zh: '用户名，或 LDAP 的绑定 DN', en: 'user, or bind DN of LDAP' },
  }),
  people: Type.String({
    maxLength: 4000,
    about: { zh: '人员：SQL 查询语句，或 LDAP 过滤器', en: 'people: the SQL query, or the LDAP filter' },
  }),
  departmentQuery: Type.String({
    maxLength: 4000,
    about: {
      zh: '部门：SQL 查询语句，列为 code、name、parent、sort；空为没有',
      en: 'departments: SQL query of code, name, parent, sort; empty for none',
    },
  }),
  base: Type.String({ maxLength: 500, about: { zh: 'LDAP 的基准 DN', en: 'base DN of LDAP' } }),
  ca: Type.String({
    maxLength: 20_000,
    about: { zh: 'CA 证书，PEM；空为系统的', en: 'CA certificate, PEM; empty for those of the system' },
  }),
}
const settingsSchema = Type.Object(settingsShape)
export type SourceSettings = Static<typeof settingsSchema>

export const initialSettings: SourceSettings = {
  key: '工号',
  userId: '',
  match: 'userId',
  fields: [
    { field: 'name', column: '姓名', owner: 'source' },
    { field: 'mobile', column: '手机', owner: 'person' },
    { field: 'departments', column: '部门', owner: 'source' },
    { field: 'position', column: '职务', owner: 'source' },
    { field: 'leader', column: '直属上级工号', owner: 'source' },
  ],
  status: '',
  here: [],
  gone: [],
  departments: 'path',
  separator: ';',
  pathSeparator: '/',
  root: 1,
  covers: 'own',
  approval: 'ask',
  autoAtMost: 50,
  plan: '',
  deleteAfterDays: 30,
  developers: [],
  url: '',
  user: '',
  people: '',
  departmentQuery: '',
  base: '',
  ca: '',
}

export function mappingOf(settings: SourceSettings): Mapping {
  const { key, userId, status, here, gone, separator, pathSeparator } = settings
  const fields = settings.fields.filter(one => one.field !== 'departments' || settings.departments !== 'none')
  return { key, userId, status, here, gone, separator, pathSeparator, fields: fields as FieldMapping[] }
}

/** Columns that a reading must have. */
export function columnsOf({ key, userId, status, fields }: SourceSettings): string[] {
  return [...new Set([key, userId, status, ...fields.map(one => one.column)])].filter(Boolean)
}

const wrong = (field: keyof SourceSettings | 'name', zh: string, en: string) =>
  new ApiError('badParameter', { zh: told`${own(field)}：${zh}`, en: told`${own(field)}: ${en}` })

/** Throws 1000 and says which setting is wrong. */
export function checkSettings(
  ctx: { outbound: Outbound; corps: Corps },
  kind: SourceKind,
  settings: SourceSettings,
): void {
  if (settings.key.trim() === '') throw wrong('key', '不能为空', 'should not be empty')
  checkFields(settings)
  if (settings.departments === 'path' && settings.pathSeparator === '')
    throw wrong('pathSeparator', '路径需要分隔符', 'a path needs a separator')
  if (settings.departments !== 'none' && settings.separator === settings.pathSeparator)
    throw wrong('separator', '两个分隔符不能相同', 'the two separators should differ')
  const plan = settings.plan && cronProblem(settings.plan)
  if (plan) throw wrong('plan', plan.zh, plan.en)
  if (settings.plan && kind === 'file')
    throw wrong('plan', '文件由人上传，没有定时', 'files are uploaded, and have no plan')
  if (kind === 'sql') checkSql(ctx, settings)
  if (kind === 'ldap') checkLdap(ctx, settings)
}

function checkFields({ fields }: SourceSettings): void {
  const seen = new Set<string>()
  for (const { field, column } of fields) {
    if (!isField(field)) throw wrong('fields', `没有字段 ${field}`, `there is no field ${field}`)
    if (seen.has(field)) throw wrong('fields', `${field} 写了两次`, `${field} is given twice`)
    if (column.trim() === '') throw wrong('fields', `${field} 没有对应的列`, `${field} has no column`)
    seen.add(field)
  }
  if (!seen.has('name' satisfies SourceField)) throw wrong('fields', '需要 name（姓名）', 'name is needed')
}

function checkSql(
  ctx: { outbound: Outbound },
  { url, people, departments, departmentQuery }: SourceSettings,
): void {
  const parsed = addressOf(ctx, url, ['postgres:', 'postgresql:', 'mysql:'])
  const { protocol, hostname } = parsed
  // Its driver checks a certificate for names alone.
  if (protocol === 'mysql:' && !isPlain(parsed) && isIP(hostname.replace(/^\[|\]$/g, '')) > 0)
    throw wrong(
      'url',
      'MySQL 加密连接需要主机名，不能用 IP；不加密时在末尾写 ?sslmode=disable',
      'an encrypted connection to MySQL needs a host name, not an IP address; without encryption, end it with ?sslmode=disable',
    )
  if (people.trim() === '') throw wrong('people', '需要查询语句', 'a query is needed')
  if (departments === 'code' && departmentQuery.trim() === '')
    throw wrong(
      'departmentQuery',
      '部门按编码时，需要查询部门的语句',
      'departments by code need a query of departments',
    )
}

function checkLdap(ctx: { outbound: Outbound }, { url, people, base, departments }: SourceSettings): void {
  const parsed = addressOf(ctx, url, ['ldap:', 'ldaps:'])
  if (parsed.protocol === 'ldaps:' && isPlain(parsed))
    throw wrong(
      'url',
      'ldaps:// 总是加密，不能写 ?sslmode=disable',
      'ldaps:// is always encrypted and cannot have ?sslmode=disable',
    )
  if (base.trim() === '') throw wrong('base', '需要基准 DN', 'a base DN is needed')
  if (people.trim() !== '' && !/^\(.*\)$/s.test(people.trim()))
    throw wrong('people', '过滤器应以括号包围', 'a filter stands in parentheses')
  if (departments === 'code') throw wrong('departments', 'LDAP 用 path 或 none', 'LDAP takes path or none')
}

/** Whether the address says that the connection is not encrypted. */
export const isPlain = (url: URL): boolean => url.searchParams.get('sslmode') === 'disable'

/** The address of a connection. Throws 1000 for a wrong one, or one that outgoing calls may not reach. */
export function addressOf(
  { outbound }: { outbound: Pick<Outbound, 'checkEntered'> },
  url: string,
  protocols: readonly string[],
): URL {
  const parsed = URL.parse(url)
  if (!parsed || !protocols.includes(parsed.protocol) || parsed.hostname === '')
    throw wrong(
      'url',
      `应以 ${protocols.map(one => `${one}//`).join('、')} 开头`,
      `begins with ${protocols.map(one => `${one}//`).join(' or ')}`,
    )
  if (parsed.password || parsed.username)
    throw wrong(
      'url',
      '用户名和密码另外填写，不写在地址中',
      'user and password are given apart, not in the address',
    )
  // What is not understood would be left out in silence, and might be a password.
  const unknown = [...parsed.searchParams.keys()].find(one => one !== 'sslmode')
  if (unknown !== undefined)
    throw wrong('url', `只能有 ?sslmode=，不能有 ${unknown}`, `may have ?sslmode= alone, not ${unknown}`)
  try {
    outbound.checkEntered(parsed.hostname.replace(/^\[|\]$/g, ''))
  } catch (error) {
    if (error instanceof OutboundRefused) throw new ApiError('badParameter', ownWords(error.words))
    throw error
  }
  return parsed
}
