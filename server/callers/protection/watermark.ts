import { administratorName } from '../../organisation/directory/permissions/person.ts'
import { mobileOf } from '../../organisation/directory/profile-store.ts'
import type { Core } from '../../platform/core.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { Protection } from './protection.ts'

const shownDigits = 4

/** What a page shows across itself to its reader: the name and the last digits of the mobile. '' where the watermark is off. */
export async function watermarkOf(
  ctx: Core & { protection: Protection },
  { member, corpId }: Visitor,
): Promise<string> {
  if (!member) return ctx.protection.ofInstallation().watermark ? administratorName : ''
  if (!ctx.protection.ofCorp(corpId).watermark) return ''
  const mobile = await mobileOf(ctx.db, corpId, member.id)
  return `${member.name} ${mobile.slice(-shownDigits) || member.userId}`
}
