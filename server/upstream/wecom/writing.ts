import type { UpstreamAnswer } from '../transport/exchange.ts'
import type { Call } from './call.ts'

/** A member as it is written (docs/upstream/wecom-directory.md#writing-members). In an update, what is left out stays as it is. */
export type WrittenMember = {
  userid: string
  name?: string
  alias?: string
  mobile?: string
  email?: string
  biz_mail?: string
  position?: string
  /** "1" male, "2" female. */
  gender?: string
  address?: string
  telephone?: string
  department?: readonly number[]
  /** Both beside `department`, of the same length. */
  order?: readonly number[]
  is_leader_in_dept?: readonly number[]
  main_department?: number
  direct_leader?: readonly string[]
  /** 0 disables the member, 1 lets a disabled one in again. */
  enable?: 0 | 1
  extattr?: { attrs: readonly object[] }
}

/** A department as it is written. In an update, what is left out stays as it is. */
export type WrittenDepartment = { id: number; name?: string; parentid?: number; order?: number }

/** Writes that the contact secret alone may make (docs/upstream/wecom-directory.md#writing-members). WeCom does not call them back. */
export interface AddressBookWrites {
  /** Invites nobody. Throws 60102 where the userid exists, 60104 where somebody else has the mobile. */
  createMember(member: WrittenMember): Promise<void>
  updateMember(member: WrittenMember): Promise<void>
  deleteMember(userid: string): Promise<void>
  /** Throws 60008 where the id exists, or a sibling has the name. */
  createDepartment(department: WrittenDepartment & { name: string; parentid: number }): Promise<void>
  updateDepartment(department: WrittenDepartment): Promise<void>
  /** Throws 60005 and 60006 for one that is not empty. */
  deleteDepartment(id: number): Promise<void>
}

export function addressBookWrites(call: (call: Call) => Promise<UpstreamAnswer>): AddressBookWrites {
  const write = async (request: Call): Promise<void> => {
    await call({ ...request, write: true })
  }
  return {
    createMember: member => write({ path: '/cgi-bin/user/create', body: { to_invite: false, ...member } }),
    updateMember: member => write({ path: '/cgi-bin/user/update', body: member }),
    deleteMember: userid => write({ path: '/cgi-bin/user/delete', query: { userid } }),
    createDepartment: department => write({ path: '/cgi-bin/department/create', body: department }),
    updateDepartment: department => write({ path: '/cgi-bin/department/update', body: department }),
    deleteDepartment: id => write({ path: '/cgi-bin/department/delete', query: { id: String(id) } }),
  }
}
