import type { ExtendedAttribute, Member } from '../corp/records.ts'
import { type Input, integer, integers, strings, text, textOf } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import type { CorpState } from '../state/state.ts'
import type { Editor } from './edit.ts'

/**
 * Returns a copy of the member with the given fields changed, after checking every limit of
 * docs/upstream/wecom-directory.md#writing-members.
 */
export function applyFields(state: CorpState, before: Member, input: Input, editor: Editor): Member {
  const next = { ...before }
  const name = text(input, 'name', 60112)
  if (name !== undefined) {
    if (name.trim() === '' || [...name].length > 64) throw new WecomError(60112)
    next.name = name
  }
  next.alias = textOf(input, 'alias', 64) ?? before.alias
  next.position = textOf(input, 'position', 128) ?? before.position
  next.telephone = textOf(input, 'telephone', 32) ?? before.telephone
  next.address = textOf(input, 'address', 128) ?? before.address
  next.mobile = mobileOf(state, before, input)
  next.email = mailOf(state, before, input, 'email')
  next.biz_mail = mailOf(state, before, input, 'biz_mail')
  next.gender = genderOf(input) ?? before.gender
  next.status = statusOf(input, before.status, editor) ?? before.status
  applyDepartments(state, before, next, input)
  next.direct_leader = superiors(state, input) ?? before.direct_leader
  next.extattr = attributes(input) ?? before.extattr
  const english = textOf(input, 'english_name', 64)
  if (english !== undefined) next.english_name = english
  const position = textOf(input, 'external_position', 12)
  if (position !== undefined) next.external_position = position
  if (input['external_profile'] !== undefined) next.external_profile = input['external_profile']
  return next
}

function mobileOf(state: CorpState, before: Member, input: Input): string {
  const mobile = text(input, 'mobile', 60103)
  if (mobile === undefined || mobile === '' || mobile === before.mobile) return mobile ?? before.mobile
  if (!/^\+?[0-9][0-9 -]{3,30}[0-9]$/.test(mobile)) throw new WecomError(60103)
  const owner = state.slotOfMobile(mobile)
  if (owner !== undefined && owner !== before.slot) throw new WecomError(60104)
  return mobile
}

function mailOf(state: CorpState, before: Member, input: Input, field: 'email' | 'biz_mail'): string {
  const mail = text(input, field, 60105)
  if (mail === undefined || mail === '' || mail === before[field]) return mail ?? before[field]
  if (
    Buffer.byteLength(mail) < 6 ||
    Buffer.byteLength(mail) > 64 ||
    !/^[^\s@,|]+@[^\s@,|]+\.[^\s@,|]+$/.test(mail)
  )
    throw new WecomError(60105)
  const owner = state.slotOfEmail(mail, field)
  if (owner !== undefined && owner !== before.slot) throw new WecomError(60106)
  return mail
}

function genderOf(input: Input): Member['gender'] | undefined {
  const gender = integer(input, 'gender')
  if (gender === undefined) return undefined
  if (gender < 0 || gender > 2) throw new WecomError(40058, 'gender')
  return String(gender) as Member['gender']
}

/**
 * `enable` is WeCom's field. `status` is the sandbox's own, because in WeCom nobody but the member can
 * activate the account.
 */
function statusOf(input: Input, current: Member['status'], editor: Editor): Member['status'] | undefined {
  const status = editor === 'console' ? integer(input, 'status') : undefined
  if (status !== undefined) {
    if (status !== 1 && status !== 2 && status !== 4 && status !== 5) throw new WecomError(40058, 'status')
    return status
  }
  const enable = integer(input, 'enable')
  if (enable === undefined) return undefined
  if (enable !== 0 && enable !== 1) throw new WecomError(40058, 'enable')
  if (enable === 0) return 2
  return current === 2 ? 1 : undefined
}

function applyDepartments(state: CorpState, before: Member, next: Member, input: Input): void {
  const given = integers(input, 'department', 60123)
  if (given) {
    if (given.length === 0) throw new WecomError(60123, 'department')
    if (given.length > 100) throw new WecomError(60110)
    if (new Set(given).size < given.length) throw new WecomError(40058, 'department repeats an id')
    for (const id of given) checkJoin(state, before, id)
    next.department = given
    const kept = given.map(id => before.department.indexOf(id))
    next.order = kept.map(index => before.order[index] ?? 0)
    next.is_leader_in_dept = kept.map(index => before.is_leader_in_dept[index] ?? 0)
  }
  const size = next.department.length
  const order = integers(input, 'order')
  if (order) {
    if (order.length !== size || order.some(item => item < 0 || item > 0xffffffff))
      throw new WecomError(40058, 'order')
    next.order = order
  }
  const leader = integers(input, 'is_leader_in_dept')
  if (leader) {
    if (leader.length !== size) throw new WecomError(60132)
    next.is_leader_in_dept = leader.map(item => {
      if (item !== 0 && item !== 1) throw new WecomError(40058, 'is_leader_in_dept')
      return item
    })
  }
  const main = integer(input, 'main_department')
  if (main !== undefined && !next.department.includes(main)) throw new WecomError(40058, 'main_department')
  next.main_department =
    main ?? (next.department.includes(before.main_department) ? before.main_department : next.department[0]!)
}

function checkJoin(state: CorpState, before: Member, id: number): void {
  if (!state.departments.has(id)) throw new WecomError(60003)
  if (before.department.includes(id)) return
  if (state.membersOf(id).size + state.childrenOf(id).size >= 30000) throw new WecomError(81001)
}

function superiors(state: CorpState, input: Input): number[] | undefined {
  const list = strings(input, 'direct_leader', 40031)
  if (!list) return undefined
  if (list.length > 5) throw new WecomError(40032, 'direct_leader')
  return list.map(userid => {
    const slot = state.slotOf(userid)
    if (slot === undefined) throw new WecomError(60111, 'direct_leader')
    return slot
  })
}

function attributes(input: Input): ExtendedAttribute[] | undefined {
  const value = input['extattr']
  if (value === undefined) return undefined
  const attrs = (value as { attrs?: unknown } | null)?.attrs
  if (!Array.isArray(attrs)) throw new WecomError(40058, 'extattr')
  return attrs.map((item: Input | null) => {
    const name = item && text(item, 'name')
    if (!name) throw new WecomError(40058, 'extattr')
    const inner = (key: string): Input => (item[key] ?? {}) as Input
    if ((integer(item, 'type') ?? 0) === 1) {
      const web = inner('web')
      return { type: 1, name, web: { url: text(web, 'url') ?? '', title: text(web, 'title') ?? '' } }
    }
    // Older callers put `value` beside the name.
    return { type: 0, name, text: { value: text(inner('text'), 'value') ?? text(item, 'value') ?? '' } }
  })
}
