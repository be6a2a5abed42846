import { refusalWords } from '../../../organisation/sync/failure.ts'
import type { Words } from '../../../platform/words.ts'
import type { WecomClient } from '../../../upstream/wecom/client.ts'
import { WecomError, WecomUnavailable } from '../../../upstream/wecom/errors.ts'
import { departmentsOf } from '../plan/fields.ts'
import { writtenMember } from './members.ts'
import type { RunRow } from './run-store.ts'
import type { Present } from './truth.ts'

/**
 * What became of a row. `later`: WeCom has not done it, and the run goes on later. `unclear`: it may have. `exists`: somebody has the userid
 * whom the address book does not know.
 */
export type Outcome =
  | { state: 'done' }
  | { state: 'failed'; why: Words; exists?: true }
  | { state: 'overtaken' }
  | { state: 'later' | 'unclear'; error: WecomError | WecomUnavailable }

/** Names of the departments that the run was to make and could not, by id. */
export type MissingDepartments = ReadonlyMap<number, string>

const exists = 60102
const nameOrIdExists = 60008
/** A restricted contact secret reads no details. */
const hidden = 48009
const gone = { member: [60111, 60121, 40003, 46004], department: [60003, 60123] }

export const overtakenWords: Words = {
  zh: '预览之后被改过，没有写入',
  en: 'was changed since the preview, and not written',
}
const departmentMissing = (name: string): Words => ({
  zh: `部门“${name}”没有建成，没有写入`,
  en: `the department ${name} was not made, so this was not written`,
})
const parentMissing = (name: string): Words => ({
  zh: `上级部门“${name}”没有建成，没有写入`,
  en: `the department above, ${name}, was not made, so this was not written`,
})

/**
 * Writes one row to WeCom, which may have it already where a node was killed: then the same is written once more, which changes nothing, or WeCom
 * says that it is there.
 */
export async function writeRow(
  contact: WecomClient,
  row: RunRow,
  present: Present,
  notMade: MissingDepartments,
): Promise<Outcome> {
  const isRepeated = row.state === 'sending'
  const truth = present.truthOf(row)
  if (truth === 'written' || row.kind === 'adopt' || row.kind === 'department-adopt')
    return truth === 'other' ? { state: 'overtaken' } : { state: 'done' }
  // A join that is sent again finds its member, or somebody else: WeCom says which.
  if (truth === 'other' && !(isRepeated && row.kind === 'join')) return { state: 'overtaken' }
  const missing = missingFor(row, notMade)
  if (missing) return { state: 'failed', why: missing }
  try {
    await send(contact, row, present, isRepeated)
    return { state: 'done' }
  } catch (error) {
    return outcomeOf(error, row, isRepeated)
  }
}

/** WeCom would refuse the row, or take another department that has got the id meanwhile. */
function missingFor({ fields }: RunRow, notMade: MissingDepartments): Words | undefined {
  const parent = notMade.get(Number(fields.parent?.[1]))
  if (parent !== undefined) return parentMissing(parent)
  const id = departmentsOf(fields.departments?.[1] ?? '').find(one => notMade.has(one))
  return id === undefined ? undefined : departmentMissing(notMade.get(id) ?? '')
}

async function send(contact: WecomClient, row: RunRow, present: Present, isRepeated: boolean): Promise<void> {
  const { departmentId, fields } = row
  if (departmentId !== null) {
    if (row.kind === 'department-remove') return contact.deleteDepartment(departmentId)
    const after = (name: 'parent' | 'order') => (fields[name] ? Number(fields[name][1]) : undefined)
    const [parentid, order] = [after('parent'), after('order')]
    const name = fields.name?.[1]
    const body = {
      id: departmentId,
      ...(name === undefined ? {} : { name }),
      ...(parentid === undefined ? {} : { parentid }),
      ...(order === undefined ? {} : { order }),
    }
    if (row.kind !== 'department-add') return contact.updateDepartment(body)
    try {
      return await contact.createDepartment({ ...body, name: name ?? row.name, parentid: parentid ?? 1 })
    } catch (error) {
      if (!isRepeated || !isCode(error, [nameOrIdExists])) throw error
      // The first answer was lost, or somebody has made another department of this id meanwhile.
      const found = await nameOf(contact.departmentGet(departmentId).then(one => one.department))
      if (found !== '' && found !== (name ?? row.name)) throw error
      return contact.updateDepartment(body)
    }
  }
  const member = present.memberOf(row)
  // Somebody who was renamed meanwhile is written by the present userid.
  const userid = member?.userId ?? row.userId
  if (row.kind === 'delete') return contact.deleteMember(userid)
  const body = writtenMember(userid, fields, member)
  if (row.kind !== 'join') return contact.updateMember(body)
  try {
    return await contact.createMember(body)
  } catch (error) {
    if (!isRepeated || !isCode(error, [exists])) throw error
    const found = await nameOf(contact.userGet(userid))
    if (found !== '' && found !== row.name) throw error
    return contact.updateMember(body)
  }
}

/** The name of who or what has the id; '' where WeCom hides it, so that the id has to do. */
async function nameOf(read: Promise<{ name?: string | undefined }>): Promise<string> {
  try {
    return (await read).name ?? ''
  } catch (error) {
    if (isCode(error, [hidden])) return ''
    throw error
  }
}

const isCode = (error: unknown, codes: readonly number[]): error is WecomError =>
  error instanceof WecomError && codes.includes(error.errcode)

function outcomeOf(error: unknown, row: RunRow, isRepeated: boolean): Outcome {
  if (error instanceof WecomUnavailable)
    return { state: error.ambiguous || isRepeated ? 'unclear' : 'later', error }
  if (!(error instanceof WecomError)) throw error
  if (row.kind === 'department-remove' && isCode(error, gone.department)) return { state: 'done' }
  if ((row.kind === 'delete' || row.kind === 'leave') && isCode(error, gone.member)) return { state: 'done' }
  // What nothing about this row changes: every other row would be answered the same.
  const isOfAll = ['token', 'busy', 'limit', 'config', 'forbidden'].includes(error.kind)
  if (isOfAll) return { state: isRepeated ? 'unclear' : 'later', error }
  return { state: 'failed', why: refusalWords(error), ...(error.errcode === exists ? { exists: true } : {}) }
}
