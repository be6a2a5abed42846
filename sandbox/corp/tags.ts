import { chineseNumber } from './departments.ts'
import { createRandom } from './random.ts'

export interface GeneratedTag {
  tagid: number
  tagname: string
  /** Slots of members. */
  users: number[]
  /** Department ids. */
  parties: number[]
}

const names =
  '管理层 党员 新员工 项目经理 安全员 值班人员 工会会员 驾驶员 外派人员 培训讲师 班车用户 志愿者 应急小组 远程办公 采购评审 信息安全联络人 住宿员工 劳动模范 女职工 退役军人'.split(
    ' ',
  )

/** Generates tags with members, with departments and with both; every sixth one is empty. */
export function generateTags(
  count: number,
  members: number,
  departments: number,
  seed: number,
): GeneratedTag[] {
  const random = createRandom(seed ^ 0x7a95)
  return Array.from({ length: count }, (_, index) => {
    const tagid = index + 1
    const kind = index % 6
    const users = new Set<number>()
    const parties = new Set<number>()
    const userCount =
      kind === 5 || kind === 2
        ? 0
        : Math.min(members, 3 + Math.floor(random() * (index % 7 === 0 ? 120 : 30)))
    const partyCount = kind === 2 || kind === 4 ? Math.min(departments, 1 + Math.floor(random() * 4)) : 0
    for (let tries = 0; tries < userCount; tries++) users.add(Math.floor(random() * members))
    for (let tries = 0; tries < partyCount; tries++) parties.add(1 + Math.floor(random() * departments))
    const tagname = names[index] ?? `第${chineseNumber(index - names.length + 1)}项目组`
    return { tagid, tagname, users: [...users], parties: [...parties] }
  })
}
