import { ApiError } from '../../../platform/http/errors.ts'
import { checkText, readSet } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import {
  type AppSignIn,
  type Attribute,
  type Claim,
  type ClaimName,
  claimNames,
  type Groups,
  isApproved,
} from '../app-sign-in.ts'
import type { Setter, SignInSettings } from '../setting/settings.ts'
import { type Field, isField, namesPerson } from './fields.ts'

function readField(text: string, name: string): Field {
  if (isField(text)) return text
  throw new ApiError('badParameter', {
    zh: told`${own(name)} 没有字段 ${text}`,
    en: told`${own(name)}: there is no field ${text}`,
  })
}

/**
 * Returns the field that is the user name in an app. A program keeps what an administrator has set, and sets no field that gives
 * more personal data.
 * @throws ApiError 1000 (no such field, or not unique), 1009 (a program asks for more).
 */
export function readNameField({ isProgram }: Setter, text: string, before: string): Field {
  const field = readField(text, 'userNameField')
  if (isProgram && field !== before && field !== 'userid' && field !== 'employeeNumber')
    throw new ApiError('forbidden', {
      zh: told`userNameField 为 ${text} 会把个人信息提供给应用，须由超级管理员在控制台设置，或执行 wisp app sign-in`,
      en: told`userNameField ${text} gives the app personal data: a super administrator sets it in the console, or by wisp app sign-in`,
    })
  if (namesPerson(field)) return field
  throw new ApiError('badParameter', {
    zh: told`userNameField 不能是 ${text}：它不唯一`,
    en: told`userNameField cannot be ${text}, which is not unique`,
  })
}

/**
 * Returns what `groups` contains. A program adds nothing to what an administrator has approved.
 * @throws ApiError 1009 if it does.
 */
export function readGroups(
  { isProgram }: Setter,
  groups: Groups,
  before: Pick<AppSignIn, 'groups' | 'claims'> | undefined,
): Groups {
  const isGiven = before?.claims.some(one => one.name === 'groups' && isApproved(one)) ?? false
  const kinds = ['departments', 'tags', 'roles', 'memberGroups'] as const
  const added = kinds.filter(one => groups[one] && !before?.groups[one])
  if (isProgram && isGiven && added.length > 0)
    throw new ApiError('forbidden', {
      zh: told`groups 增加 ${own(added.join('、'))} 会向应用提供更多信息，须由超级管理员在控制台设置，或执行 wisp app sign-in；没有改动`,
      en: told`groups with ${own(added.join(', '))} gives the app more data: a super administrator sets it in the console, or by wisp app sign-in; nothing was changed`,
    })
  return groups
}

const purposeLength = 200
const attributesAtMost = 30

/**
 * Returns the claims with their purposes; a claim with another purpose has to be approved again.
 * @throws ApiError 1000 for a name that does not exist, 1001 without a purpose.
 */
export function readClaims(
  by: Setter,
  at: Date,
  given: SignInSettings['claims'],
  before: readonly Claim[],
): readonly Claim[] {
  if (!given) return before
  readSet(
    given.map(one => one.name),
    'claims',
    claimNames.length,
  )
  return given.map(({ name, purpose, approve }) => {
    if (!claimNames.includes(name as ClaimName))
      throw new ApiError('badParameter', {
        zh: told`claims 应为 ${own(claimNames.join('、'))} 中的，收到 ${name}`,
        en: told`claims should be some of ${own(claimNames.join(', '))}, got ${name}`,
      })
    checkPurpose(purpose, `claims ${name}`)
    const known = before.find(one => one.name === name && one.purpose === purpose)
    return { name: name as ClaimName, purpose, ...approvalOf(by, at, known, approve) }
  })
}

/** Names by which the Java client would mistake an attribute for the answer itself. */
const takenNames = [
  'user',
  'attributes',
  'authenticationFailure',
  'proxyGrantingTicket',
  'sub',
  'iss',
  'aud',
  'exp',
]

/**
 * Returns the attributes of CAS by their names in the app.
 * @throws ApiError 1000 for a name or a field that cannot be used, 1001 without a purpose.
 */
export function readAttributes(
  by: Setter,
  at: Date,
  given: SignInSettings['attributes'],
  before: readonly Attribute[],
): readonly Attribute[] {
  if (!given) return before
  readSet(
    given.map(one => one.name),
    'attributes',
    attributesAtMost,
  )
  return given.map(({ name, field, purpose, approve }) => {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/.test(name) || takenNames.includes(name))
      throw new ApiError('badParameter', {
        zh: told`attributes 的名称 ${name} 不可用：字母开头，字母、数字、点、横线、下划线，且不是保留名`,
        en: told`attributes cannot have the name ${name}: letters, digits, dots, hyphens and underscores, a letter first, and no reserved name`,
      })
    checkPurpose(purpose, `attributes ${name}`)
    const known = before.find(one => one.name === name && one.field === field && one.purpose === purpose)
    return { name, field: readField(field, 'attributes'), purpose, ...approvalOf(by, at, known, approve) }
  })
}

function checkPurpose(purpose: string, name: string): void {
  checkText(purpose, name, purposeLength)
  if (purpose.trim() === '')
    throw new ApiError('missingParameter', {
      zh: told`${name} 的用途`,
      en: told`the purpose of ${name}`,
    })
}

function approvalOf(
  { actor, approves, isProgram }: Setter,
  at: Date,
  known: { approvedBy: string; approvedAt: string } | undefined,
  approve = true,
): { approvedBy: string; approvedAt: string } {
  if (known && known.approvedAt !== '') return { approvedBy: known.approvedBy, approvedAt: known.approvedAt }
  return approves && !isProgram && approve
    ? { approvedBy: actor, approvedAt: at.toISOString() }
    : { approvedBy: '', approvedAt: '' }
}
