import { mobileOf } from './mobiles.ts'
import { personName } from './names.ts'
import { position } from './positions.ts'
import { hash } from './random.ts'
import type { Department, ExtendedAttribute, Member } from './records.ts'

export const mailDomain = 'huayu.example'
const bizMailDomain = 'huayu.wecom.example'
const aliases =
  'Kevin Lily Jack Emma Tony Grace Leo Amy David Cindy Frank Helen Jason Irene Mike Nancy Oscar Penny Ryan Sunny'.split(
    ' ',
  )
const cityCodes = ['010', '021', '020', '0755', '0571', '025', '028', '027']
const streets = ['科技路', '人民路', '中山路', '高新大道', '建设路', '滨江大道', '文一西路', '创新街']

/**
 * The members of the sample corp. Each is a pure function of the seed and its slot, so that a corp of a
 * million members fits into memory: only the userids are stored.
 */
export interface People {
  count: number
  userids: string[]
  member(slot: number): Member
  /** One field each, without building the whole member. */
  name(slot: number): string
  mobile(slot: number): string
  departments(slot: number): number[]
}

/**
 * Generates the members of the corp. `userids` are unique ignoring case; `departments` is the generated tree
 * with the ids 1 to its length.
 */
export function generatePeople(count: number, departments: readonly Department[], seed: number): People {
  const userids = generateUserids(count, seed)
  const place = placement(departments.length, seed)
  return {
    count,
    userids,
    departments: slot => place.departments(slot),
    member: slot => buildMember(slot, seed, userids, departments, place),
    name: slot => personName(seed, slot).name,
    mobile: slot => (hasNoMobile(seed, slot) ? '' : mobileOf(seed, slot)),
  }
}

function generateUserids(count: number, seed: number): string[] {
  const taken = new Map<string, number>()
  const userids: string[] = new Array(count)
  for (let slot = 0; slot < count; slot++) {
    const { surname, given } = personName(seed, slot)
    const style = slot >= 1 && slot <= 4 ? 0 : hash(seed, slot, 10) % 100
    if (style >= 88) userids[slot] = String(100001 + slot)
    else if (style >= 80) userids[slot] = `HY${String(slot).padStart(6, '0')}`
    else {
      const base =
        style < 45 ? surname + given : style < 70 ? `${surname}.${given}` : capital(surname) + capital(given)
      const key = base.toLowerCase()
      const n = (taken.get(key) ?? 0) + 1
      taken.set(key, n)
      userids[slot] = n === 1 ? base : base + n
    }
  }
  return userids
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

interface Placement {
  main(slot: number): number
  leads(slot: number): boolean
  /** The slot of the member who leads the department, if there is one. */
  leader(departmentId: number): number | undefined
  departments(slot: number): number[]
}

/**
 * Slot n leads department n + 1, except for some departments that are left empty; all other members are
 * spread at random.
 */
function placement(total: number, seed: number): Placement {
  const vacant = (index: number): boolean => index > 8 && hash(seed, index, 20) % 25 === 0
  const anywhere = (slot: number, salt: number): number => {
    if (total === 1) return 1
    let index = 1 + (hash(seed, slot, salt) % (total - 1))
    for (let tries = 1; vacant(index) && tries < 4; tries++) {
      index = 1 + (hash(seed, slot, salt + tries * 100) % (total - 1))
    }
    return index + 1
  }
  const leads = (slot: number): boolean => slot < total && !vacant(slot)
  const main = (slot: number): number => (leads(slot) ? slot + 1 : anywhere(slot, 21))
  return {
    main,
    leads,
    leader: id => (id > 0 && leads(id - 1) ? id - 1 : undefined),
    departments: slot => {
      const first = main(slot)
      const dice = hash(seed, slot, 22) % 100
      if (dice >= 8) return [first]
      const list = [first]
      const extra = anywhere(slot, 23)
      if (extra !== first) list.push(extra)
      if (dice === 0) {
        const third = anywhere(slot, 24)
        if (!list.includes(third)) list.push(third)
      }
      // As in real corps, the main department is not always the first of the list.
      return dice % 3 === 1 ? list.reverse() : list
    },
  }
}

function buildMember(
  slot: number,
  seed: number,
  userids: readonly string[],
  departments: readonly Department[],
  place: Placement,
): Member {
  const person = personName(seed, slot)
  const main = place.main(slot)
  const list = place.departments(slot)
  const leads = place.leads(slot)
  const dice = hash(seed, slot, 30)
  const department = departments[main - 1]!
  const superior = place.leader(leads ? department.parentid : main)
  const userid = userids[slot]!
  const mailName = userid.toLowerCase()
  const noMobile = hasNoMobile(seed, slot)
  return {
    slot,
    userid,
    name: person.name,
    department: list,
    order: list.map((_, index) => sortOrder(hash(seed, slot, 31 + index))),
    position: position(department.name, leads, main === 1, hash(seed, slot, 34)),
    mobile: noMobile ? '' : mobileOf(seed, slot),
    gender: person.gender,
    email: noMobile || (dice >>> 4) % 10 !== 0 ? `${mailName}@${mailDomain}` : '',
    biz_mail: (dice >>> 6) % 3 === 0 ? `${mailName}@${bizMailDomain}` : '',
    is_leader_in_dept: list.map(id => ((id === main ? leads : slot % 9 === 0) ? 1 : 0)),
    direct_leader:
      superior === undefined || superior === slot || superior >= userids.length ? [] : [superior],
    hasAvatar: (dice >>> 8) % 5 < 3,
    telephone: (dice >>> 10) % 7 === 0 ? telephone(hash(seed, slot, 35)) : '',
    alias: (dice >>> 12) % 5 === 0 ? aliases[hash(seed, slot, 36) % aliases.length]! : '',
    address: (dice >>> 14) % 10 === 0 ? address(hash(seed, slot, 37)) : '',
    main_department: main,
    extattr: attributes(slot, hash(seed, slot, 38)),
    status: slot < 5 ? 1 : status(hash(seed, slot, 39) % 200),
  }
}

const hasNoMobile = (seed: number, slot: number): boolean => hash(seed, slot, 30) % 40 === 0

const status = (dice: number): Member['status'] => (dice < 176 ? 1 : dice < 192 ? 4 : dice < 198 ? 2 : 5)

/**
 * Zero for most members. The others cover the whole range of a uint32, to reveal code that reads it as a
 * signed number.
 */
const sortOrder = (dice: number): number => (dice % 10 < 7 ? 0 : dice % 10 === 9 ? dice : dice % 10000)

const telephone = (dice: number): string =>
  `${cityCodes[dice % cityCodes.length]}-8${String((dice >>> 4) % 10000000).padStart(7, '0')}`

const address = (dice: number): string => `${streets[dice % streets.length]}${1 + ((dice >>> 5) % 999)}号`

function attributes(slot: number, dice: number): ExtendedAttribute[] {
  if (dice % 6 !== 0) return []
  const list: ExtendedAttribute[] = [
    { type: 0, name: '工号', text: { value: `HY${String(slot).padStart(6, '0')}` } },
  ]
  if (dice % 18 === 0)
    list.push({
      type: 1,
      name: '主页',
      web: { title: '个人主页', url: `https://people.${mailDomain}/${slot}` },
    })
  return list
}
