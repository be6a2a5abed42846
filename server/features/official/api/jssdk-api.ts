import { randomBytes } from 'node:crypto'
import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { endpoint } from '../../../platform/http/endpoint.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { text } from '../../../platform/http/input.ts'
import { told } from '../../../platform/http/told.ts'
import { signPage } from '../../../upstream/transport/page-signature.ts'
import { fromUpstream } from '../../../upstream/upstream-error.ts'
import { pageOrigin } from '../../apps/app-urls.ts'
import type { Apps } from '../../apps/catalog.ts'
import { checkAbility } from '../accounts/abilities.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { accountOf, originalIdField } from './reach.ts'

export const jssdkConfig = endpoint({
  methods: ['GET'],
  path: '/api/official/jssdk/config',
  section: 'wisp',
  summary: { zh: 'JS-SDK 的签名', en: 'Sign a page for the JS-SDK' },
  description: {
    zh: '结果交给页面的 wx.config。页面须在开发者某个应用登记的来源上；地址中 # 及其后的部分不参与签名。',
    en: 'The result goes to wx.config on the page. The page is on a registered origin of one of your apps; what follows # in its address is not signed.',
  },
  access: { by: 'developer', scope: 'official:read' },
  input: {
    originalId: originalIdField,
    url: text({ zh: '页面的完整地址', en: 'Whole address of the page' }, { max: 2048 }),
  },
  logged: ['originalId'],
  output: Type.Object({
    appId: Type.String(),
    timestamp: Type.Integer({ about: { zh: '秒', en: 'Seconds' } }),
    nonceStr: Type.String(),
    signature: Type.String(),
  }),
  errors: ['upstream'],
  sample: {
    appId: 'wx0123456789abcdef',
    timestamp: 1764036000,
    nonceStr: 'Wm3WZYTPz0wzccnW',
    signature: '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
  },
  sampleInput: { originalId: '{originalId}', url: '{pageUrl}' },
  async handle(ctx: Core & { accounts: Accounts; apps: Apps }, { input, developer }) {
    const account = accountOf(ctx, developer, input.originalId)
    checkAbility(account, 'jssdk')
    const origin = pageOrigin(input.url)
    const own = ctx.apps.ofCorp(developer.corpId).filter(app => app.enabled && app.devId === developer.devId)
    if (!own.some(app => app.origins.includes(origin)))
      throw new ApiError('forbidden', {
        zh: told`${origin} 不是开发者的应用登记的来源，请在应用中心登记`,
        en: told`${origin} is not a registered origin of an app of the developer: register it in the app centre`,
      })
    const ticket = await fromUpstream(account.jsTicket.get())
    const timestamp = Math.floor(ctx.now() / 1000)
    const nonceStr = randomBytes(12).toString('hex')
    const signature = signPage(ticket, nonceStr, timestamp, input.url)
    return { appId: account.appId, timestamp, nonceStr, signature }
  },
})
