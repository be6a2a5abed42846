import { userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { OutboundRefused } from '../../platform/security/outbound-policy.ts'
import { destinationOf, putDestination } from './checkpoints/checkpoint-store.ts'
import type { TreeName } from './tree/source.ts'

type Needs = Core & { outbound: Outbound; mirrors: Pick<Mirrors, 'load'> }

export const membersAtMost = 10
export const urlAtMost = 500

/** Where checkpoints go from now on; '' and none end it. Throws 1000. */
export async function setDestination(
  ctx: Needs,
  actor: string,
  tree: TreeName,
  { url, members }: { url: string; members: readonly string[] },
): Promise<void> {
  if (url !== '') checkUrl(ctx, url)
  const named = members.length === 0 ? [] : await checkMembers(ctx, tree, members)
  await ctx.db.transaction().execute(async tx => {
    const before = await destinationOf(tx, tree)
    const was = { url: before?.url ?? '', members: before?.members ?? [] }
    const changes = changesOf(was, { url, members: named })
    if (changes.length === 0) return
    const at = new Date(ctx.now())
    await putDestination(tx, tree, { url, members: named }, { at, actor })
    await record(tx, ctx, {
      corpId: tree || null,
      actor,
      act: 'audit.destination.set',
      target: tree,
      detail: { changes },
    })
  })
}

function checkUrl({ outbound }: Needs, text: string): void {
  const url = text.length <= urlAtMost && URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password)
    throw new ApiError('badParameter', {
      zh: told`url 应为 https:// 或 http:// 开头的完整地址，不带用户名和密码，最多 ${own(urlAtMost)} 个字符`,
      en: told`url should be a complete address with https:// or http://, without user name and password, of at most ${own(urlAtMost)} characters`,
    })
  try {
    outbound.checkEntered(url.hostname.replace(/^\[|\]$/g, ''))
  } catch (error) {
    if (!(error instanceof OutboundRefused)) throw error
    throw new ApiError('badParameter', {
      zh: told`url: ${error.words.zh}`,
      en: told`url: ${error.words.en}`,
    })
  }
}

async function checkMembers(ctx: Needs, tree: TreeName, given: readonly string[]): Promise<string[]> {
  if (tree === '')
    throw new ApiError('badParameter', {
      zh: 'members 只能用于企业的审计；整个平台的请填 url',
      en: 'members are for the audit log of a corp; for that of the installation set url',
    })
  if (given.length > membersAtMost)
    throw new ApiError('badParameter', {
      zh: told`members 最多 ${own(membersAtMost)} 人，收到 ${own(given.length)} 人`,
      en: told`members takes at most ${own(membersAtMost)} people, got ${own(given.length)}`,
    })
  const { members } = await ctx.mirrors.load(tree)
  const found = given.map(userId => {
    const member = members.byKey(userKey(userId))
    if (!member)
      throw new ApiError('badParameter', {
        zh: told`members: 没有账号为 ${userId} 的成员`,
        en: told`members: there is no member ${userId}`,
      })
    return member.userId
  })
  return [...new Set(found)]
}
