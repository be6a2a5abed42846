import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { integer, optionalText, text } from '../../../platform/http/input.ts'
import type { Apps } from '../catalog.ts'
import { type PageSignature, signForPage } from './sign-page.ts'

const signed = {
  timestamp: Type.Integer({ about: { zh: '秒', en: 'Seconds' } }),
  nonceStr: Type.String(),
  signature: Type.String(),
}

export const wecomJssdkConfig = endpoint({
  methods: ['GET'],
  path: '/api/jssdk/config',
  section: 'wisp',
  summary: { zh: '企业微信 JS-SDK 的签名', en: 'Sign a page for the JS-SDK of WeCom' },
  description: {
    zh: '供企业微信里打开的页面使用：config 交给 wx.config，agentConfig 交给 wx.agentConfig。页面须在开发者自己的、agentId 相同且已启用的应用登记的来源上；地址中 # 及其后的部分不参与签名。由应用的服务器调用，应答原样交给 SDK 的 configure()，devToken 不得出现在页面里。',
    en: 'For pages that are opened in WeCom: config goes to wx.config, agentConfig to wx.agentConfig. The page is on a registered origin of an enabled app of yours with this agentId; what follows # in its address is not signed. Your server makes the call and gives the answer to the SDK’s configure() as it is; a devToken never belongs into a page.',
  },
  // It needs no scope: an administrator gave the developer this agent and these origins, and the answer contains no data about people.
  access: { by: 'developer', scope: undefined },
  input: {
    agentId: integer(
      { zh: '企业微信应用的 agentId', en: 'agentId of the app in WeCom' },
      { min: 1, max: 2_147_483_647 },
    ),
    url: text({ zh: '页面的完整地址', en: 'Whole address of the page' }, { max: 2048 }),
    rejected: optionalText(
      {
        zh: '企业微信不接受的签名，格式为 timestamp.nonceStr.signature；所用票据仍在使用时重新获取一次',
        en: 'A signature that WeCom refused, as timestamp.nonceStr.signature; its ticket is fetched once more when it is still in use',
      },
      { max: 200 },
    ),
  },
  output: Type.Object({
    config: Type.Object({ beta: Type.Boolean(), appId: Type.String(), ...signed }),
    agentConfig: Type.Object({ corpid: Type.String(), agentid: Type.String(), ...signed }),
  }),
  errors: ['tooManyRequests', 'upstream'],
  sample: {
    config: {
      beta: true,
      appId: 'wwb1d5c0ffee123456',
      timestamp: 1764036000,
      nonceStr: '6f1d0c5b8a7e4f3d2c1b0a99',
      signature: '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
    },
    agentConfig: {
      corpid: 'wwb1d5c0ffee123456',
      agentid: '1000002',
      timestamp: 1764036000,
      nonceStr: 'b70c2a9d1e8f4a6c5d3e2f10',
      signature: '7c1e5a0b2f4d9c8e6a3b1d0f5e7c9a2b4d6f8e01',
    },
  },
  sampleInput: { agentId: '{agentId}', url: '{pageUrl}' },
  async handle(ctx: Core & { apps: Apps; corps: Corps }, { input, developer }) {
    const { agentId, url } = input
    const page = { agentId, url, rejected: input.rejected ? readRejected(input.rejected) : undefined }
    const { config, agentConfig } = await signForPage(ctx, developer, page)
    return {
      config: { beta: true, appId: developer.corpId, ...config },
      agentConfig: { corpid: developer.corpId, agentid: String(agentId), ...agentConfig },
    }
  },
})

function readRejected(given: string): PageSignature {
  const [, timestamp, nonceStr = '', signature = ''] =
    /^(\d{1,12})\.([0-9A-Za-z]{1,64})\.([0-9a-f]{40})$/.exec(given) ?? []
  if (timestamp === undefined)
    throw new ApiError('badParameter', {
      zh: 'rejected 应为 timestamp.nonceStr.signature',
      en: 'rejected should be timestamp.nonceStr.signature',
    })
  return { timestamp: Number(timestamp), nonceStr, signature }
}
