import type { Core } from '../../platform/core.ts'
import { type ThreeRole, threeRoles } from '../../platform/http/admin/three-role.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import type { Words } from '../../platform/words.ts'
import { type JointNeeds, roleWords } from './joint-acts.ts'
import { openJointActs } from './joint-store.ts'
import { type HolderRow, liveHolders, membersThere, mobilesNow } from './three-store.ts'

const path = '/console/system/three'
type Needs = Pick<Core, 'db'>

/** Nobody can act as one of the three: the last one left or was disabled. The role stays theirs. */
export const threeVacant: Cause<Needs, { role: ThreeRole; userIds: string[] }> = {
  async find(ctx) {
    const holders = await liveHolders(ctx.db)
    const there = await membersThere(ctx.db, holders)
    const found = [...Map.groupBy(holders, one => one.corpId)].flatMap(([corpId, own]) =>
      threeRoles.flatMap(role => {
        const alike = own.filter(one => one.role === role)
        const can = alike.some(one => one.adminName !== null || there.has(one.memberId ?? -1))
        const userIds = alike.map(one => one.userId)
        return can || alike.length === 0 ? [] : [{ corpId, subject: role, detail: { role, userIds } }]
      }),
    )
    return { found }
  },
  tell: ({ role, userIds }) => ({
    title: {
      zh: `没有能操作的${roleWords[role].zh}`,
      en: `no ${roleWords[role].en} is left who can act`,
    },
    what: {
      zh: `${userIds.join('、')} 已离职或停用，角色仍由其占用，任何人不能单独取消。`,
      en: `${userIds.join(', ')} left or was disabled. The role stays theirs: nobody takes it away alone.`,
    },
    fix: {
      zh: '请另外两员在“三员”页共同任命接任者，再免去离职的人。',
      en: 'The other two appoint a successor together on the page of the three administrators, and then dismiss the one who left.',
    },
    path,
  }),
}

/** Something was proposed, each by itself, so that the others hear of each. */
export const jointWaiting: Cause<
  Pick<JointNeeds, 'db' | 'now' | 'offered'>,
  { title: Words; about: string }
> = {
  async find({ db, now, offered }) {
    const open = await openJointActs(db, new Date(now()))
    return {
      found: open.map(({ corpId, id, kind, about }) => {
        const title = offered.jointActs[kind]?.title ?? { zh: kind, en: kind }
        return { corpId, subject: String(id), detail: { title, about } }
      }),
    }
  },
  severityOf: () => 'warn',
  tell: ({ title, about }) => ({
    title: {
      zh: `等待另一名三员同意：${title.zh}`,
      en: `Another of the three has to agree: ${title.en}`,
    },
    what: {
      zh: `有人提议${title.zh}${about ? `（${about}）` : ''}，另一名三员同意后才执行。`,
      en: `It was proposed${about ? ` for ${about}` : ''}, and is done once another of the three agrees.`,
    },
    fix: {
      zh: '请在“三员”页核对内容，同意或拒绝；三天后到期。',
      en: 'See what it is on the page of the three administrators, and agree or refuse. It expires after three days.',
    },
    path,
  }),
}

/** Two of the three have one mobile by now: perhaps they are one person. It ends no role. */
export const threeAlike: Cause<Needs, { first: string; second: string }> = {
  async find({ db }) {
    const holders = await liveHolders(db)
    const members = holders.flatMap(({ memberCorp, memberId }) =>
      memberCorp !== null && memberId !== null ? [{ corpId: memberCorp, memberId }] : [],
    )
    const mobiles = await mobilesNow(db, members)
    const byNumber = new Map<string, HolderRow[]>()
    for (const one of holders)
      for (const number of new Set([one.person, ...(mobiles.get(one.memberId ?? -1) ?? [])]))
        byNumber.getOrInsertComputed(number, () => []).push(one)
    const pairs = new Map<string, readonly [HolderRow, HolderRow]>()
    for (const alike of byNumber.values())
      for (const [i, one] of alike.entries())
        for (const other of alike.slice(i + 1))
          if (other.role !== one.role) pairs.set(`${one.id} ${other.id}`, [one, other])
    const found = [...pairs].flatMap(([subject, [one, other]]) => {
      const detail = {
        first: `${roleWords[one.role].zh} ${one.userId}`,
        second: `${roleWords[other.role].zh} ${other.userId}`,
      }
      return [...new Set([one.corpId, other.corpId])].map(corpId => ({ corpId, subject, detail }))
    })
    return { found }
  },
  tell: ({ first, second }) => ({
    title: { zh: '两名三员的手机相同', en: 'two of the three administrators have the same mobile' },
    what: {
      zh: `${first} 与 ${second} 现在的手机相同，可能是同一个人。角色没有改变。`,
      en: `${first} and ${second} have the same mobile by now and may be one person. Their roles stay.`,
    },
    fix: {
      zh: '请核对通讯录中的手机；确是同一人时，由另外两员任命接任者并免去其中一个角色。',
      en: 'Check the mobiles in the address book. If it is one person, the other two appoint a successor and dismiss one of them.',
    },
    path,
  }),
}
