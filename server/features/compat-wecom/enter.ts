import type { FastifyRequest } from 'fastify'
import {
  checkAddress,
  checkScope,
  type Developer,
  type Developers,
} from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Gate } from '../../platform/http/gate.ts'
import { told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { type AttemptLimit, createFloodLimit } from '../../platform/security/counters.ts'
import { CompatRefusal, type Errcode, refused } from './answer.ts'
import { compatFeature } from './names.ts'
import type { CompatSecrets } from './secrets/secrets.ts'

export type EnterNeeds = Core & {
  compatSecrets: CompatSecrets
  corps: Corps
  developers: Developers
  offered: FeatureOffers
}

/** As many as of wrong devSecrets. */
const wrongSecrets: AttemptLimit = { purpose: 'wrong-compat-secret', atMost: 10, windowMs: 60_000 }

type Know = (developer: Developer) => void

export type Entrance = {
  /** What `gettoken` answers. Throws CompatRefusal; `know` is told whose genuine secret it is, also when it is refused. */
  getToken(request: FastifyRequest, know: Know): Promise<object>
  /** The developer of the access_token in the query, who may send. Throws CompatRefusal; `know` as above. */
  developerOf(request: FastifyRequest, know: Know): Developer
}

/** Returns what finds out who calls in WeCom's form, and whether they may. */
export function createEntrance(ctx: EnterNeeds, gate: Gate<Developer>): Entrance {
  const countWrong = createFloodLimit(ctx, wrongSecrets)

  async function refuseWrong(corpId: string, { ip }: FastifyRequest, wrong: CompatRefusal): Promise<never> {
    const { isOver, retryAfterSeconds } = await countWrong({ corpId, of: `${corpId} ${ip}` })
    if (!isOver) throw wrong
    const words = { zh: '密钥错误次数过多', en: 'too many wrong secrets' } as const
    throw new CompatRefusal(45009, new ApiError('tooManyRequests', words, { retryAfterSeconds }))
  }

  function checkMay(developer: Developer | undefined, { ip }: FastifyRequest, know: Know): Developer {
    if (developer) know(developer)
    if (!developer?.enabled)
      throw new CompatRefusal(
        50003,
        new ApiError('unknownDeveloper', {
          zh: '开发者已停用，请管理员在“应用中心 → 开发者”启用',
          en: 'the developer is disabled; an administrator can enable it in the console under App centre → Developers',
        }),
      )
    failAs(60020, () => checkAddress(developer, ip))
    checkOn(ctx, developer.corpId, compatFeature)
    failAs(48002, () => gate.packets.checkMayBeClear(developer))
    checkScope(developer, 'message:send')
    return developer
  }

  return {
    async getToken(request, know) {
      const corpId = textOf(request, 'corpid', 41002)
      const corpsecret = textOf(request, 'corpsecret', 41004)
      if (!ctx.corps.find(corpId))
        return refuseWrong(
          '',
          request,
          refused(40013, {
            zh: told`corpid ${corpId} 没有接入；应为企业微信的企业 ID`,
            en: told`the corpid ${corpId} is not connected; it should be the corp's id in WeCom`,
          }),
        )
      const secret = ctx.compatSecrets.find(corpId, corpsecret)
      const developer = secret && checkMay(ctx.developers.get(secret.devId), request, know)
      const issued = secret && (await ctx.compatSecrets.tokenOf(secret))
      if (!developer || !issued) return refuseWrong(corpId, request, new CompatRefusal(40001, wrongSecret()))
      const { refusal } = gate.admit(developer, 'token')
      if (refusal) throw refusal
      const { token: access_token, expiresIn: expires_in } = issued
      return { access_token, expires_in }
    },
    developerOf(request, know) {
      const token = textOf(request, 'access_token', 41001)
      const secret = ctx.compatSecrets.byToken(token)
      if (secret === undefined || secret === 'expired')
        throw new CompatRefusal(secret ? 42001 : 40014, new ApiError('deadToken', deadToken))
      return checkMay(ctx.developers.get(secret.devId), request, know)
    },
  }
}

const deadToken = {
  zh: 'access_token 无效、已过期或密钥已吊销，请重新调用 gettoken',
  en: 'the access_token is invalid, expired or of a revoked secret: call gettoken again',
} as const

function wrongSecret(): ApiError {
  return new ApiError('wrongSecret', {
    zh: 'corpsecret 应为开发者的兼容密钥，不是 devSecret，也不是企业微信应用的 Secret',
    en: 'corpsecret should be a compat secret of the developer, neither its devSecret nor a secret of WeCom',
  })
}

const textAtMost = 512

/** A parameter of the query. */
function textOf({ query }: FastifyRequest, name: string, whenMissing: Errcode): string {
  const value = (query as Record<string, unknown>)[name]
  if (typeof value === 'string' && value !== '' && value.length <= textAtMost) return value
  throw new CompatRefusal(whenMissing, new ApiError('missingParameter', name as 'corpid'))
}

function failAs(errcode: Errcode, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw error instanceof ApiError ? new CompatRefusal(errcode, error) : error
  }
}
