import { sql } from 'kysely'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { Db } from '../../server/platform/storage/db.ts'
import type { Body, Caller } from '../harness.ts'

/** WeCom's data, as `/_sandbox/state` returns it. */
type Upstream = {
  departments: { id: number; name: string; parentid: number; order: number }[]
  members: UpstreamMember[]
  tags: { tagid: number; tagname: string; userlist: { userid: string }[]; partylist: number[] }[]
}
type UpstreamMember = {
  userid: string
  name: string
  alias: string
  mobile: string
  email: string
  gender: string
  avatar: string
  address: string
  position: string
  status: number
  main_department: number
  department: number[]
  order: number[]
  is_leader_in_dept: number[]
  direct_leader: string[]
}

/**
 * A corp's departments, members and tags by id, in one shape for WeCom, the database, the API and a replayed feed, so
 * that they can be compared.
 */
export type Picture = {
  departments: Record<string, unknown>
  members: Record<string, unknown>
  tags: Record<string, unknown>
}

export async function readUpstream(sandbox: Sandbox): Promise<Upstream> {
  return (await (await fetch(`${sandbox.url}/_sandbox/state`)).json()) as Upstream
}

/** The picture of upstream's data with every field that wisp stores. */
export function storedPictureOf(upstream: Upstream): Picture {
  return {
    departments: byKey(upstream.departments, ({ id, name, parentid, order }) => [
      id,
      { name, parentid, order },
    ]),
    members: byKey(upstream.members, one => [
      one.userid,
      {
        name: one.name,
        alias: one.alias,
        mobile: one.mobile,
        email: one.email,
        sex: Number(one.gender),
        avatar: one.avatar,
        address: one.address,
        position: one.position,
        status: one.status,
        mainDepartment: one.main_department,
        departments: one.department,
        orders: one.order,
        leaderIn: one.is_leader_in_dept,
        directLeaders: one.direct_leader,
      },
    ]),
    tags: byKey(upstream.tags, ({ tagid, tagname, userlist, partylist }) => [
      tagid,
      {
        name: tagname,
        users: userlist.map(one => one.userid.toLowerCase()).sort(),
        departments: [...partylist].sort(byNumber),
      },
    ]),
  }
}

/** The same picture from wisp's tables. */
export async function storedPicture(db: Db, corpId: string): Promise<Picture> {
  const departments = await sql<{ id: number; name: string; parentid: number; order: number }>`
    select id, name, parent_id as parentid, sort_no as order from department where corp_id = ${corpId}`.execute(
    db,
  )
  const members = await sql<Body & { userid: string }>`
    select user_id as userid, name, alias, mobile, email, sex, avatar, address, position, status,
      main_department as "mainDepartment", departments, orders, leader_in as "leaderIn",
      direct_leaders as "directLeaders"
    from member where corp_id = ${corpId} and left_at is null`.execute(db)
  const tags = await sql<{ id: number; name: string; users: string[]; departments: number[] }>`
    select id, name, user_keys as users, departments from tag where corp_id = ${corpId}`.execute(db)
  return {
    departments: byKey(departments.rows, ({ id, ...rest }) => [id, rest]),
    members: byKey(members.rows, ({ userid, ...rest }) => [userid, rest]),
    tags: byKey(tags.rows, ({ id, name, users, departments: list }) => [
      id,
      { name, users: [...users].sort(), departments: [...list].sort(byNumber) },
    ]),
  }
}

/** What the API must return: members who quit are not listed, and tags name only listed members. */
export function toldPictureOf(upstream: Upstream): Picture {
  const listed = upstream.members.filter(one => one.status !== 5)
  const userids = new Set(listed.map(one => one.userid))
  return {
    departments: byKey(upstream.departments, one => [
      one.id,
      { orgId: String(one.id), orgName: one.name, parentId: String(one.parentid), sortNo: one.order },
    ]),
    members: byKey(listed, one => [
      one.userid,
      {
        userId: one.userid,
        userName: one.name,
        orgId: String(one.main_department),
        mobile: one.mobile,
        alias: one.alias,
        hasAvatar: one.avatar !== '',
        sex: one.gender,
        email: one.email,
        address: one.address,
        status: one.status,
      },
    ]),
    tags: byKey(upstream.tags, one => [
      one.tagid,
      {
        name: one.tagname,
        users: one.userlist.flatMap(({ userid }) => (userids.has(userid) ? userid : [])).sort(),
        departments: one.partylist.map(String).sort(),
      },
    ]),
  }
}

const departmentOf = ({ orgId, orgName, parentId, sortNo }: Body) => ({ orgId, orgName, parentId, sortNo })
const memberOf = ({ userId, userName, orgId, mobile, alias, fileId, sex, email, address, status }: Body) => ({
  userId,
  userName,
  orgId,
  mobile,
  alias,
  hasAvatar: fileId !== '',
  sex,
  email,
  address,
  status,
})

export async function apiPicture(dev: Caller): Promise<Picture> {
  const whole = (await dev.get('/api/org/list')).body
  const members: Body[] = []
  const orgId = String(whole.list.find((one: Body) => one['parentId'] === '0').orgId)
  for (let pageNo = 1; ; pageNo++) {
    const page = await dev.get('/api/user/orgUserList', { orgId, fetchChild: 1, pageNo, pageSize: 500 })
    members.push(...page.body.list)
    if (page.body.list.length < 500) break
  }
  const tags = await Promise.all(
    whole.tagList.map(async (tag: Body) => {
      const { body } = await dev.get('/api/org/tagUserList', { tagId: String(tag['tagId']) })
      const users = body.userList.map((one: Body) => one['userId']).sort()
      const departments = body.orgList.map((one: Body) => one['orgId']).sort()
      return [tag['tagId'], { name: tag['tagName'], users, departments }]
    }),
  )
  return {
    departments: byKey(whole.list as Body[], one => [String(one['orgId']), departmentOf(one)]),
    members: byKey(members, one => [String(one['userId']), memberOf(one)]),
    tags: Object.fromEntries(tags),
  }
}

/** An application that follows the change feed as the documentation describes. */
export type Follower = { picture: Picture; since: number; rows: number; poll(): Promise<void> }

export function createFollower(dev: () => Caller, limit: number): Follower {
  const follower: Follower = {
    picture: { departments: {}, members: {}, tags: {} },
    since: 0,
    rows: 0,
    async poll() {
      for (;;) {
        const { body, retCode } = await dev().get('/api/directory/changes', { since: follower.since, limit })
        if (retCode !== '0') throw new Error(`changes: ${retCode}`)
        if (body.resync) throw new Error('the feed has a gap')
        for (const row of body.list as Body[]) apply(follower.picture, row)
        follower.rows += body.list.length
        follower.since = body.next
        if (!body.more) return
      }
    },
  }
  return follower
}

function apply(picture: Picture, row: Body): void {
  const { kind, op, id, oldId, value } = row as {
    kind: 'department' | 'member' | 'tag'
    op: string
    id: string
    oldId?: string
    value?: Body
  }
  const list = picture[`${kind}s`]
  const find = (userId: string) =>
    Object.keys(list).find(key => key.toLowerCase() === userId.toLowerCase()) ?? userId
  delete list[find(id)]
  if (oldId !== undefined) delete list[find(oldId)]
  if (op === 'drop' || !value) return
  if (kind === 'department') list[id] = departmentOf(value)
  else if (kind === 'member') list[String(value['userId'])] = memberOf(value)
  else {
    const users = [...(value['userIds'] as string[])].sort()
    list[id] = { name: value['tagName'], users, departments: [...(value['orgIds'] as string[])].sort() }
  }
}

function byKey<T>(
  list: readonly T[],
  entry: (one: T) => [string | number, unknown],
): Record<string, unknown> {
  return Object.fromEntries(list.map(entry))
}

const byNumber = (a: number, b: number) => a - b
