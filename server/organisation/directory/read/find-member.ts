import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { optionalText } from '../../../platform/http/input.ts'
import { ready } from '../../../platform/http/output.ts'
import { isMailAddress } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { MemberCore } from '../mirror/members.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { Mirrors } from '../mirror/mirrors.ts'
import { idsByEmail } from '../profile-store.ts'
import { membersById } from '../store.ts'
import { sampleDepartment, sampleMember } from './samples.ts'
import {
  memberWithOrgsSchema,
  personalDataOf,
  type View,
  viewOf,
  visibleMember,
  withMembers,
} from './view.ts'

export const findUser = endpoint({
  methods: ['POST'],
  path: '/api/user/find',
  section: 'wisp',
  summary: { zh: '按手机号或邮箱查找成员', en: 'Find a member by mobile number or mail address' },
  description: {
    zh: 'mobile 与 email 二选一，完全相同才算找到；邮箱不区分大小写，+86 可写可不写。只在数据范围内查找；没有人返回 1007，不止一人返回 1000。',
    en: 'Give either mobile or email, whole. Upper and lower case of an address are the same, and +86 may be left out. Looks within your data scope; nobody gives 1007, several members give 1000.',
  },
  access: { by: 'developer', scope: 'directory:mobile' },
  group: 'read',
  directory: true,
  input: {
    mobile: optionalText({ zh: '完整的手机号', en: 'The whole mobile number' }, { max: 32 }),
    email: optionalText(
      {
        zh: '完整的邮箱：应答里的 email，不含企业邮箱 (biz_mail)',
        en: "The whole mail address: email of the response, not WeCom's own mailbox (biz_mail)",
      },
      { max: 128 },
    ),
  },
  oneOf: [['mobile'], ['email']],
  output: memberWithOrgsSchema,
  errors: ['unknownMember'],
  sample: { ...sampleMember, orgList: [sampleDepartment] },
  sampleInput: { mobile: '{mobile}' },
  async handle(ctx: Core & { mirrors: Mirrors }, { input: { mobile, email }, developer }) {
    if (!mobile && !email)
      throw new ApiError('missingParameter', { zh: 'mobile 或 email', en: 'mobile or email' })
    if (mobile && email)
      throw new ApiError('badParameter', {
        zh: 'mobile 与 email 只能填一个',
        en: 'give either mobile or email, not both',
      })
    const view = viewOf(ctx, developer)
    const found = mobile ? await byMobile(ctx, view, mobile) : await byEmail(ctx, view, email ?? '')
    const name = mobile ? 'mobile' : 'email'
    const [core] = found
    if (!core)
      throw new ApiError('unknownMember', {
        zh: told`没有成员使用这个 ${own(name)}（不存在、已离职，或不在数据范围内）`,
        en: told`no member has this ${own(name)} (it does not exist, its member has left, or is outside the data scope)`,
      })
    if (found.length > 1)
      throw new ApiError('badParameter', {
        zh: told`有 ${own(found.length)} 人使用这个 ${own(name)}，请改用 userId`,
        en: told`${own(found.length)} members have this ${own(name)}: use the userId`,
      })
    return withMembers(ctx, view, [core], true, ([wire]) => {
      if (wire === undefined) throw new ApiError('unknownMember', told`${core.userId}`)
      return ready({ wire, people: personalDataOf(view, [core]) })
    })
  },
})

const foundAtMost = 50

async function byMobile(ctx: Core, view: View, given: string): Promise<MemberCore[]> {
  const mobile = wholeMobile(given)
  if (!mobile)
    throw new ApiError('badParameter', {
      zh: 'mobile 应为完整的手机号，其他国家和地区的以 + 开头',
      en: 'mobile should be a whole mobile number; one outside mainland China begins with +',
    })
  return ownersOfMobile(
    ctx,
    view.mirror,
    mobile,
    foundAtMost,
    core => visibleMember(view, core) !== undefined,
  )
}

async function byEmail(ctx: Core, view: View, email: string): Promise<MemberCore[]> {
  if (!isMailAddress(email))
    throw new ApiError('badParameter', {
      zh: 'email 应为完整的邮箱地址',
      en: 'email should be a whole mail address',
    })
  const { members, corpId } = view.mirror
  const ids = await idsByEmail(ctx.db, corpId, email)
  return ids.flatMap(id => visibleMember(view, members.byId(id)) ?? [])
}

/** Mobiles of other countries have at least seven digits; the address book keeps those of the mainland without +86. */
export function wholeMobile(asked: string): string | undefined {
  const bare = asked.replace(/[\s-]/g, '').replace(/^(\+|00)86(?=1\d{10}$)/, '')
  return /^1\d{10}$/.test(bare) || /^\+\d{7,15}$/.test(bare) ? bare : undefined
}

/** Returns the members who have exactly this mobile and whom `sees` lets through. */
export async function ownersOfMobile(
  ctx: Pick<Core, 'db'>,
  { members, search, corpId }: Mirror,
  mobile: string,
  limit: number,
  sees: (core: MemberCore) => boolean,
): Promise<MemberCore[]> {
  const allow = (ordinal: number) => {
    const core = members.at(ordinal)
    return core !== undefined && sees(core)
  }
  const ordinals = search.search(mobile, { offset: 0, limit, mobile: true, allow })
  const cores = ordinals.flatMap(ordinal => members.at(ordinal) ?? [])
  const stored = await membersById(
    ctx.db,
    corpId,
    cores.map(core => core.id),
  )
  const owners = new Set(stored.filter(one => one.mobile === mobile).map(one => one.id))
  return cores.filter(core => owners.has(core.id))
}
