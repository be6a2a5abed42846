import { type Call, createCaller, type WecomCallOptions } from './call.ts'
import { WecomError } from './errors.ts'
import { readButtons, type WecomButton } from './menu.ts'
import { checkShape, type ShapeName, type ShapeValue } from './shapes.ts'
import { type AddressBookWrites, addressBookWrites } from './writing.ts'

export type WecomClientOptions = WecomCallOptions

/** WeCom knows none of the members and departments of a tag write (docs/sandbox-fidelity.md). */
const ALL_INVALID = new Set([40031, 40070])
const NO_MENU = 46003

/** What a tag write left out because WeCom does not know it. */
export interface InvalidTagTargets {
  invalidUsers: string[]
  invalidParties: number[]
}

/** Who opened a page or scanned a code: a member (`userid`) or somebody else (`openid`). */
export interface WecomUserInfo {
  userid?: string
  openid?: string
  external_userid?: string
  /** `getUserDetail` exchanges it for personal details within 1800 s. */
  user_ticket?: string
}

/**
 * Calls WeCom with one secret of one corp. Each call returns WeCom's answer after checking its shape
 * (docs/upstream/wecom-directory.md, docs/upstream/wecom-sign-in.md) and throws WecomError when WeCom refuses, or
 * WecomUnavailable when there is no usable answer.
 */
export interface WecomClient extends AddressBookWrites {
  /**
   * A department and all below it, or all that the secret sees (docs/upstream/wecom-directory.md#departments). Throws 48009 for a
   * restricted contact secret.
   */
  departmentList(id?: number): Promise<ShapeValue<'departmentList'>>
  /**
   * Only ids, parents and order; works for a restricted contact secret too
   * (docs/upstream/wecom-directory.md#the-restrictions-of-2022).
   */
  departmentSimpleList(id?: number): Promise<ShapeValue<'departmentSimpleList'>>
  departmentGet(id: number): Promise<ShapeValue<'departmentGet'>>
  userGet(userid: string): Promise<ShapeValue<'userGet'>>
  /** Direct members of one department (docs/upstream/wecom-directory.md#members); callers must do any recursion. */
  userList(departmentId: number): Promise<ShapeValue<'userList'>>
  userSimpleList(departmentId: number): Promise<ShapeValue<'userSimpleList'>>
  /** One page of (member, department) pairs; an empty `next_cursor` marks the last. Contact secret only. */
  userListId(page?: { cursor?: string; limit?: number }): Promise<UserIdPage>
  tagList(): Promise<ShapeValue<'tagList'>>
  tagGet(tagid: number): Promise<ShapeValue<'tagGet'>>
  /** Takes at most 1000 members and 100 departments, not both empty (docs/upstream/wecom-directory.md#tags). */
  addTagUsers(tagid: number, userlist: string[], partylist: number[]): Promise<InvalidTagTargets>
  delTagUsers(tagid: number, userlist: string[], partylist: number[]): Promise<InvalidTagTargets>
  agentGet(agentid: number): Promise<ShapeValue<'agentGet'>>
  agentList(): Promise<ShapeValue<'agentList'>>
  /** The agent's menu (docs/upstream/wecom-menus.md); undefined when it has none. */
  menuGet(agentid: number): Promise<WecomButton[] | undefined>
  menuCreate(agentid: number, button: readonly WecomButton[]): Promise<void>
  menuDelete(agentid: number): Promise<void>
  /**
   * A code works only once, so a repeat after a lost answer fails with 40029
   * (docs/upstream/wecom-sign-in.md#oauth-in-the-client).
   */
  getUserInfo(code: string): Promise<WecomUserInfo>
  getUserDetail(ticket: string): Promise<ShapeValue<'getUserDetail'>>
  /** The member's openid for WeChat Pay, whose AppID is the corpid (docs/upstream/wecom-directory.md#openids). */
  convertToOpenid(userid: string): Promise<string>
  apiDomainIps(): Promise<ShapeValue<'apiDomainIps'>>
}

export interface UserIdPage {
  dept_user: ShapeValue<'userListId'>['dept_user']
  next_cursor: string
}

/** A client for one secret. All clients of a process should share one pool. */
export function createWecomClient(options: WecomClientOptions): WecomClient {
  const call = createCaller(options)
  async function read<N extends ShapeName>(shape: N, request: Call): Promise<ShapeValue<N>> {
    return checkShape(shape, request.path, await call(request))
  }
  const withId = (path: string, id: number | undefined): Call =>
    id === undefined ? { path } : { path, query: { id: String(id) } }
  const ofDepartment = (path: string, id: number): Call => ({ path, query: { department_id: String(id) } })

  async function writeTag(path: string, tagid: number, userlist: string[], partylist: number[]) {
    const body = {
      tagid,
      ...(userlist.length > 0 ? { userlist } : {}),
      ...(partylist.length > 0 ? { partylist } : {}),
    }
    try {
      return invalidTargets(await read('tagUsers', { path, body, write: true }))
    } catch (error) {
      if (!(error instanceof WecomError) || !ALL_INVALID.has(error.errcode)) throw error
      return { invalidUsers: [...userlist], invalidParties: [...partylist] }
    }
  }

  return {
    departmentList: id => read('departmentList', withId('/cgi-bin/department/list', id)),
    departmentSimpleList: id => read('departmentSimpleList', withId('/cgi-bin/department/simplelist', id)),
    departmentGet: id => read('departmentGet', withId('/cgi-bin/department/get', id)),
    userGet: userid => read('userGet', { path: '/cgi-bin/user/get', query: { userid } }),
    userList: id => read('userList', ofDepartment('/cgi-bin/user/list', id)),
    userSimpleList: id => read('userSimpleList', ofDepartment('/cgi-bin/user/simplelist', id)),
    async userListId({ cursor = '', limit = 10_000 } = {}) {
      const body = cursor === '' ? { limit } : { cursor, limit }
      const page = await read('userListId', { path: '/cgi-bin/user/list_id', body })
      return { dept_user: page.dept_user, next_cursor: page.next_cursor ?? '' }
    },
    tagList: () => read('tagList', { path: '/cgi-bin/tag/list' }),
    tagGet: tagid => read('tagGet', { path: '/cgi-bin/tag/get', query: { tagid: String(tagid) } }),
    addTagUsers: (tagid, users, parties) => writeTag('/cgi-bin/tag/addtagusers', tagid, users, parties),
    delTagUsers: (tagid, users, parties) => writeTag('/cgi-bin/tag/deltagusers', tagid, users, parties),
    agentGet: agentid =>
      read('agentGet', { path: '/cgi-bin/agent/get', query: { agentid: String(agentid) } }),
    agentList: () => read('agentList', { path: '/cgi-bin/agent/list' }),
    ...menuCalls(call),
    ...addressBookWrites(call),
    async getUserInfo(code) {
      return userInfo(await read('getUserInfo', { path: '/cgi-bin/auth/getuserinfo', query: { code } }))
    },
    getUserDetail: ticket =>
      read('getUserDetail', { path: '/cgi-bin/auth/getuserdetail', body: { user_ticket: ticket } }),
    async convertToOpenid(userid) {
      const path = '/cgi-bin/user/convert_to_openid'
      return (await read('convertToOpenid', { path, body: { userid } })).openid
    },
    apiDomainIps: () => read('apiDomainIps', { path: '/cgi-bin/get_api_domain_ip' }),
  }
}

function menuCalls(
  call: ReturnType<typeof createCaller>,
): Pick<WecomClient, 'menuGet' | 'menuCreate' | 'menuDelete'> {
  const query = (agentid: number) => ({ agentid: String(agentid) })
  return {
    async menuGet(agentid) {
      try {
        const answer = await call({ path: '/cgi-bin/menu/get', query: query(agentid) })
        return readButtons(answer['button'])
      } catch (error) {
        if (error instanceof WecomError && error.errcode === NO_MENU) return undefined
        throw error
      }
    },
    // Both do the same again, so that they may be repeated.
    async menuCreate(agentid, button) {
      await call({ path: '/cgi-bin/menu/create', query: query(agentid), body: { button } })
    },
    async menuDelete(agentid) {
      await call({ path: '/cgi-bin/menu/delete', query: query(agentid) })
    },
  }
}

function invalidTargets({ invalidlist = '', invalidparty = [] }: ShapeValue<'tagUsers'>): InvalidTagTargets {
  const parties = typeof invalidparty === 'string' ? splitIds(invalidparty).map(Number) : invalidparty
  return { invalidUsers: splitIds(invalidlist), invalidParties: parties }
}

function splitIds(joined: string): string[] {
  return joined.split('|').filter(part => part !== '')
}

function userInfo(answer: ShapeValue<'getUserInfo'>): WecomUserInfo {
  const userid = answer.userid ?? answer.UserId
  const openid = answer.openid ?? answer.OpenId
  return {
    ...(userid === undefined ? {} : { userid }),
    ...(openid === undefined ? {} : { openid }),
    ...(answer.external_userid === undefined ? {} : { external_userid: answer.external_userid }),
    ...(answer.user_ticket === undefined ? {} : { user_ticket: answer.user_ticket }),
  }
}
