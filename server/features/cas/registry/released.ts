import type { SignInSettings } from '../../app-sign-in/setting/settings.ts'

/** What directories usually call the fields of the address book, in lower case. */
const fieldsByName: Readonly<Record<string, string>> = {
  uid: 'userid',
  userid: 'userid',
  username: 'userid',
  samaccountname: 'userid',
  cn: 'name',
  name: 'name',
  displayname: 'name',
  realname: 'name',
  mail: 'email',
  email: 'email',
  mobile: 'mobile',
  phone: 'mobile',
  telephonenumber: 'mobile',
  employeenumber: 'employeeNumber',
  employeeid: 'employeeNumber',
  title: 'position',
  department: 'mainDepartment',
  departmentname: 'mainDepartment',
  ou: 'mainDepartment',
}

function fieldOf(name: string): string | undefined {
  const key = name.toLowerCase()
  return Object.hasOwn(fieldsByName, key) ? fieldsByName[key] : undefined
}

type AttributeRelease = { attributes: NonNullable<SignInSettings['attributes']>; notes: string[] }

/** Attributes of the registry by the fields that are meant; those that nobody knows are left out and named. */
export function readReleased(policy: Record<string, unknown>): AttributeRelease {
  const kind = String(policy['@class'] ?? '')
  const allowed = policy['allowedAttributes']
  if (/ReturnAll(Attribute|$)/i.test(kind) && !/ReturnAllowed/i.test(kind))
    return { attributes: [], notes: ['返回全部属性：wisp 只给批准过的，请逐个选择'] }
  if (/DenyAll/i.test(kind) || kind === '') return { attributes: [], notes: [] }
  if (Array.isArray(allowed)) return named(allowed.map(one => [String(one), String(one)]))
  if (typeof allowed === 'object' && allowed !== null)
    return named(
      Object.entries(allowed)
        .filter(([name]) => name !== '@class')
        .flatMap(([name, to]) => [to].flat().map(one => [name, String(one)] as [string, string])),
    )
  return { attributes: [], notes: [`属性策略 ${kind.replace(/^.*\./, '')} 不支持，不给属性`] }
}

function named(pairs: readonly [from: string, to: string][]): AttributeRelease {
  const attributes: { name: string; field: string; purpose: string }[] = []
  const unknown: string[] = []
  for (const [from, name] of pairs) {
    const field = fieldOf(from)
    const isName =
      /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(name) && !/^(user|attributes|sub|iss|aud|exp)$/.test(name)
    if (field === undefined || !isName || attributes.some(one => one.name === name)) unknown.push(from)
    else attributes.push({ name, field, purpose: '由 Apereo CAS 导入' })
  }
  const notes = unknown.length > 0 ? [`属性 ${unknown.join('、').slice(0, 200)} 没有对应的字段，略去`] : []
  return { attributes, notes }
}

const namesPeople = new Set(['userid', 'employeeNumber', 'mobile', 'email'])

/** Which field is the user name. Another one would sign people in as somebody else, so what is not understood is refused. */
export function userNameFieldOf(
  provider: Record<string, unknown>,
  usual: string,
): { field: string; notes: string[] } | { refused: string } {
  const kind = String(provider['@class'] ?? '')
  const mode = String(provider['canonicalizationMode'] ?? 'NONE')
  if (mode !== 'NONE') return { refused: `用户名转换大小写 (${mode}) 不支持` }
  if (kind === '' || /DefaultRegisteredServiceUsernameProvider$/.test(kind))
    return { field: usual, notes: [] }
  if (!/PrincipalAttribute/.test(kind)) return { refused: `用户名方式 ${kind.replace(/^.*\./, '')} 不支持` }
  const attribute = String(provider['usernameAttribute'] ?? '')
  const field = fieldOf(attribute)
  if (field === undefined || !namesPeople.has(field))
    return { refused: `用户名属性 ${attribute} 没有对应的字段` }
  return { field, notes: [] }
}
