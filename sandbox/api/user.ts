import { integer, text } from '../http/input.ts'
import { WecomError } from '../rules/errcodes.ts'
import { openidOf, slotOfOpenid } from '../state/openid.ts'
import { narrow, wireMember } from '../state/wire.ts'
import { type Call, type CallRequest, ok } from './call.ts'
import { departmentId, withoutToken } from './department.ts'

/** user/get, the lists and the look-ups (docs/upstream/wecom-directory.md#members). */
export const userReads: readonly Call[] = [
  {
    method: 'GET',
    path: '/cgi-bin/user/get',
    token: 'any',
    closedIn2022: true,
    run: ask => ({ ...ok, ...seen(ask, slotOf(ask)) }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/user/list',
    token: 'any',
    closedIn2022: true,
    run: ask => ({ ...ok, userlist: slotsIn(ask).map(slot => seen(ask, slot)) }),
  },
  {
    method: 'GET',
    path: '/cgi-bin/user/simplelist',
    token: 'any',
    closedIn2022: true,
    run: ask => {
      const { state } = ask.world
      const { view } = ask.caller
      const userlist = slotsIn(ask).map(slot => {
        const { userid, name, department } = state.member(slot)
        return {
          userid,
          name,
          department: view.all ? department : department.filter(id => view.seesDepartment(id)),
        }
      })
      return { ...ok, userlist }
    },
  },
  { method: 'POST', path: '/cgi-bin/user/list_id', token: 'contact', run: listIds },
  {
    method: 'POST',
    path: '/cgi-bin/user/getuserid',
    token: 'any',
    run: ask => {
      const mobile = text(ask.input, 'mobile', 60103)
      if (!mobile || mobile.length < 5 || mobile.length > 32) throw new WecomError(60103)
      return { ...ok, userid: found(ask, ask.world.state.slotOfMobile(mobile)) }
    },
  },
  {
    method: 'POST',
    path: '/cgi-bin/user/get_userid_by_email',
    token: 'any',
    run: ask => {
      const email = text(ask.input, 'email', 60105)
      if (!email) throw new WecomError(60105)
      const kind = integer(ask.input, 'email_type') ?? 1
      if (kind !== 1 && kind !== 2) throw new WecomError(40058, 'email_type')
      return {
        ...ok,
        userid: found(ask, ask.world.state.slotOfEmail(email, kind === 1 ? 'biz_mail' : 'email')),
      }
    },
  },
  {
    method: 'POST',
    path: '/cgi-bin/user/convert_to_openid',
    token: 'any',
    run: ask => ({ ...ok, openid: openidOf(ask.world.identity.corpId, slotOf(ask)) }),
  },
  {
    method: 'POST',
    path: '/cgi-bin/user/convert_to_userid',
    token: 'any',
    run: ask => {
      const openid = text(ask.input, 'openid', 40073) ?? ''
      const slot = slotOfOpenid(ask.world.identity.corpId, openid)
      if (slot === undefined || ask.world.state.userids[slot] === undefined) throw new WecomError(40073)
      return { ...ok, userid: found(ask, slot) }
    },
  },
]

/** Changes through the API. WeCom does not call these back (docs/upstream/wecom-callbacks.md#event-push). */
export const userWrites: readonly Call[] = [
  ...(['user/create', 'user/update', 'user/batchdelete'] as const).map(
    (name): Call => ({
      method: 'POST',
      path: `/cgi-bin/${name}`,
      token: 'contact',
      run: ({ world, input }) => world.commit(name, input, 'contact'),
    }),
  ),
  {
    method: 'GET',
    path: '/cgi-bin/user/delete',
    token: 'contact',
    run: ({ world, input }) => world.commit('user/delete', withoutToken(input), 'contact'),
  },
]

/** The slot of `userid`. It must exist (60111) and be visible to the caller (60011). */
function slotOf({ world, caller, input }: CallRequest): number {
  const userid = text(input, 'userid', 40003)
  if (!userid) throw new WecomError(41009)
  const slot = world.state.slotOf(userid)
  if (slot === undefined) throw new WecomError(60111)
  if (!caller.view.seesMember(slot)) throw new WecomError(60011)
  return slot
}

function found({ world, caller }: CallRequest, slot: number | undefined): string {
  if (slot === undefined) throw new WecomError(46004)
  if (!caller.view.seesMember(slot)) throw new WecomError(60011)
  return world.state.userids[slot]!
}

function seen({ world, caller }: CallRequest, slot: number) {
  const member = wireMember(world.state, world.state.member(slot), world.url)
  return narrow(member, caller.view, caller.agent !== undefined && world.settings.regime === 'restricted')
}

/** The members of a department and, with `fetch_child`, of every department below it, without repetition. */
function slotsIn(ask: CallRequest): number[] {
  const { state } = ask.world
  const id = departmentId(ask, 'department_id')
  if (id === undefined) throw new WecomError(60123)
  // Clients of old send 0 and 1 or false and true.
  if (!['1', 'true'].includes(String(ask.input['fetch_child']))) return [...state.membersOf(id)]
  const slots = new Set<number>()
  for (const below of state.subtree(id)) for (const slot of state.membersOf(below)) slots.add(slot)
  return [...slots]
}

/** One row per member and department. The cursor is the slot and the row within it at which the next page starts. */
function listIds({ world, input }: CallRequest): Record<string, unknown> {
  const limit = integer(input, 'limit') ?? 10000
  if (limit < 1 || limit > 10000) throw new WecomError(40058, 'limit')
  let [slot, skip] = readCursor(text(input, 'cursor') ?? '')
  const { userids } = world.state
  const rows: { userid: string; department: number }[] = []
  for (; slot < userids.length; slot++, skip = 0) {
    const userid = userids[slot]
    if (userid === undefined) continue
    const departments = world.state.departmentsOf(slot)
    for (; skip < departments.length; skip++) {
      if (rows.length === limit) {
        const next_cursor = Buffer.from(`${slot}.${skip}`).toString('base64url')
        return { ...ok, next_cursor, dept_user: rows }
      }
      rows.push({ userid, department: departments[skip]! })
    }
  }
  return { ...ok, next_cursor: '', dept_user: rows }
}

function readCursor(cursor: string): [number, number] {
  if (cursor === '') return [0, 0]
  const match = /^(\d{1,9})\.(\d{1,3})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (!match) throw new WecomError(40058, 'cursor')
  return [Number(match[1]), Number(match[2])]
}
