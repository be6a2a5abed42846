import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { optionalInteger, text } from '../../../platform/http/input.ts'
import { isListed, type MemberCore } from '../mirror/members.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { isEverything, seesMember } from '../permissions/sight.ts'
import { idsByEmailStart } from '../profile-store.ts'
import { checkProfile, profiledWithOrgs, profileInput, withProfiles } from './profile.ts'
import { sampleDepartment, sampleMember } from './samples.ts'
import { listNote, listWire, pageAnswer, personalDataOf, type View, viewOf } from './view.ts'

const searchDefault = 50

export const searchUsers = endpoint({
  methods: ['POST'],
  path: '/api/user/search',
  section: '4.5',
  summary: { zh: '模糊搜索用户信息', en: 'Search members' },
  description: {
    zh: `按账号、姓名、别名、手机号和拼音（全拼、首字母）搜索，最匹配的在前；含 @ 时也按邮箱的开头搜索。${listNote.zh}此时后面还有人的应答带 x-wisp-more: 1。`,
    en: `Searches userid, name, alias, mobile number and pinyin (whole or initials); the best match comes first. With an @ in it, what mail addresses begin with as well. ${listNote.en} Then an answer after which there are more has x-wisp-more: 1.`,
  },
  access: { by: 'developer', scope: 'directory:read' },
  directory: true,
  input: {
    searchName: text({ zh: '搜索参数', en: 'What to search for' }, { max: 64 }),
    pageNo: optionalInteger({ zh: '页数，从 1 开始', en: 'Page, from 1' }, { min: 1, max: 10_000 }),
    pageSize: optionalInteger(
      { zh: '每页条数，默认 50', en: 'How many a page; 50 by default' },
      { min: 1, max: 1000 },
    ),
    fields: profileInput,
  },
  logged: ['pageNo', 'pageSize', 'fields'],
  output: Type.Object({
    list: Type.Array(profiledWithOrgs),
    total: Type.Integer({
      about: {
        zh: '匹配的人数；超过 1000 时不一定数完，但后面还有人时总大于已返回的',
        en: 'How many match; above 1000 perhaps not all are counted, but it is above what was answered so far while there are more',
      },
    }),
  }),
  errors: [],
  sample: { list: [{ ...sampleMember, orgList: [sampleDepartment] }], total: 1 },
  sampleInput: { searchName: '{userName}', pageNo: 1, pageSize: 20 },
  handle(ctx: Core & { mirrors: Mirrors }, { input, developer }) {
    const { searchName, pageNo = 1, pageSize: limit = searchDefault, fields } = input
    checkProfile(developer, fields)
    const view = viewOf(ctx, developer)
    const range = { offset: (pageNo - 1) * limit, limit }
    const answer = ({ cores, total }: MemberMatches) => {
      const isMore = total > range.offset + cores.length && cores.length > 0
      return withProfiles(ctx, view, cores, { isWithOrgs: true, fields }, list =>
        pageAnswer(developer, {
          wire: listWire(developer, list, `,"total":${total}`),
          people: personalDataOf(view, cores, fields),
          isMore,
        }),
      )
    }
    const found = searchMembers(ctx, view, searchName, range)
    return found instanceof Promise ? found.then(answer) : answer(found)
  },
})

type Range = { offset: number; limit: number }
/** `total` is exact up to `countedAtMost`; beyond it, it is at least one more than have been shown when there are more. */
type MemberMatches = { cores: MemberCore[]; total: number }

const countedAtMost = 1000

/**
 * The members that match, best first. Answers at once, unless the text may be a mail address: those are in the database, and
 * whose address begins with the text comes after all others.
 */
function searchMembers(
  ctx: Core,
  view: View,
  text: string,
  range: Range,
): MemberMatches | Promise<MemberMatches> {
  return text.includes('@') ? withAddresses(ctx, view, text.trim(), range) : inMemory(view, text, range)
}

function inMemory(view: View, text: string, { offset, limit }: Range): MemberMatches {
  const found = search(view, text, offset, Math.max(limit + 1, countedAtMost - offset))
  const isBeyond = found.length === 0 && offset > 0
  const total = isBeyond ? search(view, text, 0, offset).length : offset + found.length
  return { cores: found.slice(0, limit), total }
}

async function withAddresses(
  ctx: Core,
  view: View,
  text: string,
  { offset, limit }: Range,
): Promise<MemberMatches> {
  const { members, corpId } = view.mirror
  const wanted = Math.max(offset + limit + 1, countedAtMost)
  const found = search(view, text, 0, wanted)
  const known = new Set(found.map(core => core.id))
  const ids = await idsByEmailStart(ctx.db, corpId, text, wanted)
  for (const id of ids) {
    const core = members.byId(id)
    if (core && !known.has(id) && sees(view, core)) found.push(core)
  }
  return { cores: found.slice(offset, offset + limit), total: Math.min(found.length, wanted) }
}

function search(view: View, text: string, offset: number, limit: number): MemberCore[] {
  const { members, search: index } = view.mirror
  const allow = isEverything(view.sight)
    ? {}
    : {
        allow: (ordinal: number) => {
          const core = members.at(ordinal)
          return core !== undefined && seesMember(view.sight, view.tree, core)
        },
      }
  const ordinals = index.search(text, { offset, limit, mobile: view.withMobile, ...allow })
  return ordinals.flatMap(ordinal => members.at(ordinal) ?? [])
}

function sees({ sight, tree }: View, core: MemberCore): boolean {
  return isListed(core) && seesMember(sight, tree, core)
}
