import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { Body } from '../harness.ts'

/** Where a change is made: `console` is WeCom's own console and triggers callbacks, `api` does not. */
export type Door = 'console' | 'api'
export type Change = { operation: string; input: Body; door: Door }

export type Changes = {
  /** Makes one change upstream; undefined when WeCom refused it. */
  next(): Promise<Change | undefined>
}

/** The Mulberry32 generator: the same seed gives the same numbers. */
export function createDice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Directory = {
  dice: () => number
  pick<T>(list: readonly T[]): T
  number(below: number): number
  departments: Map<number, { parentid: number }>
  users: Set<string>
  tags: Set<number>
  /** Deleted userids, some of which are used again. */
  freed: string[]
  serial: number
}

type Draft = { operation: string; input: Body; door?: Door; made?: (answer: Body) => void }

/** Makes random changes to the sandbox's corp, of every kind that WeCom has, through console and API. */
export async function createChanges(sandbox: Sandbox, seed: number): Promise<Changes> {
  const known = await readKnown(sandbox, createDice(seed))
  const call = createDoors(sandbox)
  return {
    async next() {
      const draft = draftOf(known)
      const door = draft.door ?? (known.dice() < 0.5 ? 'console' : 'api')
      const answer = await call(door, draft.operation, draft.input)
      if (answer['errcode'] !== 0) return undefined
      draft.made?.(answer)
      return { operation: draft.operation, input: { ...draft.input, ...idOf(answer) }, door }
    },
  }
}

/** WeCom assigns the id of a new department. */
function idOf(answer: Body): Body {
  return answer['id'] === undefined ? {} : { id: answer['id'] }
}

async function readKnown(sandbox: Sandbox, dice: () => number): Promise<Directory> {
  const state = (await (await fetch(`${sandbox.url}/_sandbox/state`)).json()) as {
    departments: { id: number; parentid: number }[]
    members: { userid: string }[]
    tags: { tagid: number }[]
  }
  return {
    dice,
    pick: list => list[Math.floor(dice() * list.length)]!,
    number: below => Math.floor(dice() * below),
    departments: new Map(state.departments.map(one => [one.id, one])),
    users: new Set(state.members.map(one => one.userid)),
    tags: new Set(state.tags.map(one => one.tagid)),
    freed: [],
    serial: 0,
  }
}

/** These calls are GETs in WeCom's API; the console takes every call as a POST. */
const asQuery = new Set(['department/delete', 'user/delete', 'tag/delete'])

function createDoors(sandbox: Sandbox) {
  let token: string | undefined
  const read = async (url: string, init?: RequestInit) => (await (await fetch(url, init)).json()) as Body
  const post = (body: Body): RequestInit => ({ method: 'POST', body: JSON.stringify(body) })
  async function callApi(operation: string, input: Body): Promise<Body> {
    token ??= String(
      (
        await read(
          `${sandbox.url}/cgi-bin/gettoken?corpid=${sandbox.corpId}&corpsecret=${sandbox.contactSecret}`,
        )
      )['access_token'],
    )
    const isQuery = asQuery.has(operation)
    const query = new URLSearchParams({
      access_token: token,
      ...(isQuery ? (input as Record<string, string>) : {}),
    })
    const answer = await read(
      `${sandbox.url}/cgi-bin/${operation}?${query}`,
      isQuery ? undefined : post(input),
    )
    if (answer['errcode'] !== 42001 && answer['errcode'] !== 40014) return answer
    token = undefined
    return callApi(operation, input)
  }
  return (door: Door, operation: string, input: Body) =>
    door === 'api'
      ? callApi(operation, input)
      : read(`${sandbox.url}/_sandbox/admin/${operation}`, post(input))
}

const drafts: readonly [number, (known: Directory) => Draft][] = [
  [16, updateMember],
  [10, createMember],
  [8, deleteMember],
  [3, deleteMembers],
  [10, renameMember],
  [6, recreateMember],
  [8, createDepartment],
  [8, updateDepartment],
  [8, moveDepartment],
  [6, deleteDepartment],
  [3, createTag],
  [3, renameTag],
  [2, deleteTag],
  [8, addTagTargets],
  [6, removeTagTargets],
]
const weight = drafts.reduce((sum, [one]) => sum + one, 0)

function draftOf(known: Directory): Draft {
  let at = known.dice() * weight
  for (const [share, make] of drafts) {
    at -= share
    if (at < 0) return make(known)
  }
  return updateMember(known)
}

const anyUser = (known: Directory) => known.pick([...known.users])
const anyDepartment = (known: Directory) => known.pick([...known.departments.keys()])
const anyTag = (known: Directory) => known.pick([...known.tags])
const some = <T>(known: Directory, most: number, make: () => T): T[] => [
  ...new Set(Array.from({ length: 1 + known.number(most) }, make)),
]

const surnames = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '欧阳', '𠮷']
const given = ['伟', '芳', '娜', '秀英', '敏', '静', '强', '磊', '洋', '艳', '勇', '😀']
const nameOf = (known: Directory) => `${known.pick(surnames)}${known.pick(given)}${known.serial}`

function fieldsOf(known: Directory): Body {
  const departments = some(known, 3, () => anyDepartment(known))
  const all: Body = {
    name: nameOf(known),
    alias: `别名 "${known.number(100)}" <&>`,
    position: known.pick(['工程师', '经理', '']),
    mobile: `+86139${String(known.serial * 997 + known.number(997)).padStart(8, '0')}`,
    gender: String(known.number(3)),
    email: `m${known.serial}@example.com`,
    address: known.pick(['北京市', '上海市 浦东', '']),
    department: departments,
    order: departments.map(() => known.number(2 ** 32)),
    is_leader_in_dept: departments.map(() => known.number(2)),
    direct_leader: some(known, 2, () => anyUser(known)),
    main_department: known.pick(departments),
  }
  return all
}

function createMember(known: Directory): Draft {
  known.serial++
  const userid = `New${known.serial}.${known.pick(['a', 'B'])}`
  return newMember(known, userid)
}

function newMember(known: Directory, userid: string): Draft {
  return {
    operation: 'user/create',
    input: { userid, ...fieldsOf(known) },
    made: () => known.users.add(userid),
  }
}

function updateMember(known: Directory): Draft {
  known.serial++
  const fields = fieldsOf(known)
  const isMove = known.dice() < 0.3
  const plain = ['name', 'alias', 'position', 'mobile', 'gender', 'email', 'address', 'direct_leader']
  const moved = ['department', 'order', 'is_leader_in_dept', 'main_department']
  const chosen = [...plain.filter(() => known.dice() < 0.3), ...(isMove ? moved : ['alias'])]
  const input: Body = { userid: anyUser(known) }
  for (const name of chosen) input[name] = fields[name]
  if (known.dice() < 0.2) input['enable'] = known.number(2)
  if (known.dice() < 0.2)
    return { operation: 'user/update', input: { ...input, status: known.pick([1, 2, 4, 5]) } }
  return { operation: 'user/update', input }
}

function free(known: Directory, userid: string) {
  known.users.delete(userid)
  known.freed.push(userid)
}

function deleteMember(known: Directory): Draft {
  const userid = anyUser(known)
  return { operation: 'user/delete', input: { userid }, made: () => free(known, userid) }
}

function deleteMembers(known: Directory): Draft {
  const useridlist = some(known, 4, () => anyUser(known))
  return {
    operation: 'user/batchdelete',
    input: { useridlist },
    made: () => {
      for (const userid of useridlist) free(known, userid)
    },
  }
}

function renameMember(known: Directory): Draft {
  known.serial++
  const userid = anyUser(known)
  const isFreed = known.freed.length > 0 && known.dice() < 0.4
  const to = isFreed ? known.pick(known.freed) : `Renamed${known.serial}`
  return {
    operation: 'user/rename',
    input: { userid, new_userid: to },
    // WeCom's API has no such call.
    door: 'console',
    made: () => {
      free(known, userid)
      known.users.add(to)
    },
  }
}

function recreateMember(known: Directory): Draft {
  if (known.freed.length === 0) return createMember(known)
  known.serial++
  return newMember(known, known.pick(known.freed))
}

function createDepartment(known: Directory): Draft {
  known.serial++
  const parentid = anyDepartment(known)
  return {
    operation: 'department/create',
    input: { name: `部门 ${known.serial} & 组`, parentid, order: known.number(2 ** 32) },
    made: answer => known.departments.set(answer['id'] as number, { parentid }),
  }
}

function updateDepartment(known: Directory): Draft {
  known.serial++
  const input = { id: anyDepartment(known), name: `改名 ${known.serial}`, order: known.number(2 ** 32) }
  return { operation: 'department/update', input }
}

/** Moves a department with everything below it. */
function moveDepartment(known: Directory): Draft {
  const id = anyDepartment(known)
  const parentid = anyDepartment(known)
  return {
    operation: 'department/update',
    input: { id, parentid },
    made: () => known.departments.set(id, { parentid }),
  }
}

/** WeCom refuses to delete a department that is not empty, so mostly one without departments below is tried. */
function deleteDepartment(known: Directory): Draft {
  const parents = new Set([...known.departments.values()].map(one => one.parentid))
  const leaves = [...known.departments.keys()].filter(id => !parents.has(id))
  const id = leaves.length > 0 ? known.pick(leaves) : anyDepartment(known)
  return { operation: 'department/delete', input: { id }, made: () => known.departments.delete(id) }
}

function createTag(known: Directory): Draft {
  known.serial++
  return {
    operation: 'tag/create',
    input: { tagname: `标签 ${known.serial}` },
    made: answer => known.tags.add(answer['tagid'] as number),
  }
}

function renameTag(known: Directory): Draft {
  known.serial++
  return { operation: 'tag/update', input: { tagid: anyTag(known), tagname: `标签改名 ${known.serial}` } }
}

function deleteTag(known: Directory): Draft {
  if (known.tags.size < 3) return createTag(known)
  const tagid = anyTag(known)
  return { operation: 'tag/delete', input: { tagid }, made: () => known.tags.delete(tagid) }
}

function tagTargets(known: Directory): Body {
  return {
    tagid: anyTag(known),
    userlist: some(known, 5, () => anyUser(known)),
    partylist: some(known, 2, () => anyDepartment(known)),
  }
}

function addTagTargets(known: Directory): Draft {
  return { operation: 'tag/addtagusers', input: tagTargets(known) }
}

function removeTagTargets(known: Directory): Draft {
  return { operation: 'tag/deltagusers', input: tagTargets(known) }
}
