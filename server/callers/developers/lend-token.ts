import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { Developers } from './developers.ts'

/**
 * A devToken for somebody who may manage the developer, to try calls with; the secret stays where it is. It ends with the secret that
 * it was issued for, with the session, and when its person may not manage the developer any more. Throws 1000 for a developer that is disabled or has no secret, and 1002.
 */
export async function lendToken(
  ctx: Core & { developers: Developers },
  { actor, sessionId }: Pick<Visitor, 'actor' | 'sessionId'>,
  devId: string,
): Promise<{ devToken: string; expiresIn: number }> {
  const developer = ctx.developers.get(devId)
  if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
  if (!developer.enabled)
    throw new ApiError('badParameter', {
      zh: told`开发者 ${devId} 已停用，请先启用`,
      en: told`the developer ${devId} is disabled: enable it first`,
    })
  const lent = ctx.developers.lendToken(developer, sessionId)
  if (!lent)
    throw new ApiError('badParameter', {
      zh: told`开发者 ${devId} 没有有效的密钥，请先添加密钥`,
      en: told`the developer ${devId} has no valid secret: add one first`,
    })
  const { corpId, name } = developer
  await record(ctx.db, ctx, {
    corpId,
    actor,
    act: 'developer.lend',
    target: devId,
    targetName: name,
    detail: {},
  })
  return lent
}
