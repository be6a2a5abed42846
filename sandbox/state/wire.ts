import type { Department, Member, Tag } from '../corp/records.ts'
import type { CorpState } from './state.ts'
import type { View } from './view.ts'

export type WireDepartment = Department & { department_leader: string[] }

/** A department as department/list answers it (docs/upstream/wecom-directory.md#departments). */
export function wireDepartment(state: CorpState, department: Department): WireDepartment {
  const { id, name, name_en, parentid, order } = department
  return { id, name, name_en, department_leader: userids(state, state.leadersOf(id)), parentid, order }
}

/** The current userids of these slots, without people who have left. */
export function userids(state: CorpState, slots: Iterable<number>): string[] {
  const list: string[] = []
  for (const slot of slots) {
    const userid = state.userids[slot]
    if (userid !== undefined) list.push(userid)
  }
  return list
}

export type WireMember = ReturnType<typeof wireMember>

/**
 * A member with every field, as the contact secret saw it before 2022 (docs/upstream/wecom-directory.md#members). `avatarBase` is
 * a URL.
 */
export function wireMember(state: CorpState, member: Member, avatarBase: string) {
  const avatar = member.hasAvatar ? `${avatarBase}/avatar/${member.slot}` : ''
  return {
    userid: member.userid,
    name: member.name,
    department: member.department,
    position: member.position,
    mobile: member.mobile,
    gender: member.gender as string,
    email: member.email,
    biz_mail: member.biz_mail,
    is_leader_in_dept: member.is_leader_in_dept as number[],
    direct_leader: userids(state, member.direct_leader),
    avatar: avatar && `${avatar}/0`,
    thumb_avatar: avatar && `${avatar}/100`,
    telephone: member.telephone,
    alias: member.alias,
    address: member.address,
    english_name: member.english_name ?? '',
    main_department: member.main_department,
    extattr: { attrs: member.extattr },
    status: member.status as number,
    order: member.order,
    qr_code: `https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=vc${member.slot.toString(36).padStart(14, '0')}`,
    external_position: member.external_position ?? '',
    external_profile: member.external_profile ?? { external_corp_name: '', external_attr: [] },
  }
}

type AppMember = Partial<WireMember> & { userid: string }

/**
 * Reduces a member to what the caller may see: departments within its range and, after 2022, no personal data
 * (docs/upstream/wecom-directory.md#the-restrictions-of-2022).
 */
export function narrow(member: WireMember, view: View, restricted: boolean): AppMember {
  if (view.all && !restricted) return member
  const seen: AppMember = { ...member }
  if (!view.all) {
    const keep = member.department.map(id => view.seesDepartment(id))
    const pick = (list: number[]) => list.filter((_, index) => keep[index])
    seen.department = pick(member.department)
    seen.order = pick(member.order)
    seen.is_leader_in_dept = pick(member.is_leader_in_dept)
    if (!view.seesDepartment(member.main_department)) delete seen.main_department
  }
  if (restricted) {
    for (const field of [
      'avatar',
      'thumb_avatar',
      'mobile',
      'email',
      'biz_mail',
      'qr_code',
      'address',
    ] as const)
      delete seen[field]
    seen.gender = '0'
  }
  return seen
}

/** The members of a tag as tag/get answers them. */
export function tagUsers(state: CorpState, slots: Iterable<number>): { userid: string; name: string }[] {
  return Array.from(slots, slot => {
    const { userid, name } = state.member(slot)
    return { userid, name }
  })
}

/** A tag as tag/get answers it to the contact secret, with the id added. */
export function wireTag(state: CorpState, { tagid, tagname, users, parties }: Tag) {
  return { tagid, tagname, userlist: tagUsers(state, users), partylist: [...parties] }
}
