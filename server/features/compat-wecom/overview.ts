import { type Static, Type } from 'typebox'
import type { Developers } from '../../callers/developers/developers.ts'
import { type Corps, publicUrlOf } from '../../organisation/corps/corps.ts'
import { isOn } from '../../organisation/corps/features/check-on.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { time } from '../../platform/http/output.ts'
import { told } from '../../platform/http/told.ts'
import type { Apps } from '../apps/catalog.ts'
import { compatBase, compatFeature } from './names.ts'
import { liveSecrets } from './secrets/secret-store.ts'

/** What a program needs to send in WeCom's form, without the secrets themselves. */
export const compatShape = {
  isOn: Type.Boolean({ about: { zh: '企业是否开启', en: 'Whether the corp has it switched on' } }),
  base: Type.String({
    about: {
      zh: '代替 https://qyapi.weixin.qq.com 的地址',
      en: 'Address that stands in for https://qyapi.weixin.qq.com',
    },
  }),
  corpid: Type.String({ about: { zh: '企业微信的企业 ID', en: "The corp's id in WeCom" } }),
  agents: Type.Array(
    Type.Object({
      agentid: Type.Number(),
      name: Type.String({ about: { zh: '应用名称', en: 'Name of the app' } }),
    }),
    {
      about: {
        zh: '可用的 agentid：开发者的应用所关联的企业微信应用',
        en: "The agentids that it may give: WeCom apps that the developer's apps are linked to",
      },
    },
  ),
  secrets: Type.Array(
    Type.Object({
      id: Type.String(),
      createdAt: time,
      lastUsedAt: Type.Union([time, Type.Null()], {
        about: { zh: '最近换取 access_token', en: 'When an access_token was last asked for with it' },
      }),
    }),
    { about: { zh: '有效的兼容密钥；密钥本身不返回', en: 'Its live compat secrets, without what they are' } },
  ),
}
const shape = Type.Object(compatShape)
export type CompatView = Static<typeof shape>

/** Throws 1002. */
export async function compatOf(
  ctx: Core & { apps: Apps; corps: Corps; developers: Developers },
  devId: string,
): Promise<CompatView> {
  const developer = ctx.developers.get(devId)
  if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
  const { corpId } = developer
  const secrets = (await liveSecrets(ctx.db, corpId)).filter(one => one.devId === devId)
  return {
    isOn: isOn(ctx, corpId, compatFeature),
    base: `${publicUrlOf(ctx, ctx.corps.get(corpId))}${compatBase}`,
    corpid: corpId,
    agents: ctx.apps
      .ofCorp(corpId)
      .flatMap(({ agentId, name, devId: of }) =>
        of === devId && agentId !== null ? [{ agentid: agentId, name }] : [],
      ),
    secrets: secrets.map(({ id, createdAt, lastUsedAt }) => ({ id, createdAt, lastUsedAt })),
  }
}
