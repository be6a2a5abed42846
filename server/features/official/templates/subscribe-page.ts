import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Core } from '../../../platform/core.ts'
import { escapeHtml } from '../../../platform/http/answers/escape-html.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { type Language, languageOf } from '../../../platform/words.ts'
import type { WireTemplate } from '../../../upstream/official/calls/templates.ts'
import { signPage } from '../../../upstream/transport/page-signature.ts'
import { whyNot } from '../accounts/abilities.ts'
import type { Account, Accounts } from '../accounts/accounts.ts'
import { allTemplates } from './store.ts'

/** WeChat asks for at most three templates in one window. */
export const templatesAtMost = 3

/** The address of the page on which people agree to 订阅通知; an organisation links to it. */
export function subscribePath(originalId: string, templateIds: readonly string[]): string {
  return `/official/subscribe/${originalId}?templates=${templateIds.map(encodeURIComponent).join(',')}`
}

/**
 * Serves that page to everybody. It needs the account's right, this installation's domain among the account's JS 接口安全域名, and
 * WeChat as the browser; WeChat's own tag asks the question and pushes the answer.
 */
export function registerSubscribePage(app: FastifyInstance, ctx: Core & { accounts: Accounts }): void {
  app.get<{ Params: { originalId: string }; Querystring: { templates?: unknown } }>(
    '/official/subscribe/:originalId',
    async (request, reply) => {
      ctx.availability.check()
      const account = ctx.accounts.find(request.params.originalId)
      const { templates: given } = request.query
      const ids = typeof given === 'string' ? given.split(',').slice(0, templatesAtMost) : []
      if (!account?.enabled || whyNot(account, 'subscriptionNotice')) return reply.callNotFound()
      const known = await allTemplates(ctx.db, account)
      const templates = known.filter(one => one.kind === 'subscribe' && ids.includes(one.id))
      if (templates.length === 0) return reply.callNotFound()
      const nonce = randomBytes(16).toString('base64')
      const language = languageOf(request.headers['accept-language'])
      const config = await configFor(ctx, account, `${ctx.publicUrl()}${request.url}`)
      return reply
        .header('content-security-policy', policyOf(nonce))
        .header('x-content-type-options', 'nosniff')
        .header('referrer-policy', 'same-origin')
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(pageOf({ account, templates, config, language, nonce, sdk: ctx.config.weixinScriptUrl }))
    },
  )
}

/**
 * WeChat puts its tag into frames of a scheme of its own and evaluates code for it. Those who tried it say that any list of frames,
 * whatever it names, keeps the tag from appearing, and so does a list for everything else: scripts alone are limited here.
 */
function policyOf(nonce: string): string {
  const scripts = `script-src 'nonce-${nonce}' 'unsafe-eval' https://res.wx.qq.com`
  return `${scripts}; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}

/** Undefined when WeChat gives no ticket now: the page then says so. */
async function configFor(ctx: Core, account: Account, url: string): Promise<object | undefined> {
  try {
    const ticket = await account.jsTicket.get()
    const nonceStr = randomBytes(12).toString('hex')
    const timestamp = Math.floor(ctx.now() / 1000)
    const signature = signPage(ticket, nonceStr, timestamp, url)
    const wants = { jsApiList: ['hideMenuItems'], openTagList: ['wx-open-subscribe'] }
    return { appId: account.appId, timestamp, nonceStr, signature, ...wants }
  } catch (error) {
    ctx.log.warn({ originalId: account.originalId, ...describeError(error) }, 'no ticket for the JS-SDK')
    return undefined
  }
}

const words = {
  zh: {
    title: '订阅通知',
    intro: '同意后，您会在微信中收到：',
    button: '订阅',
    outside: '请在微信中打开本页。',
    unavailable: '暂时无法订阅，请稍后再试。',
    done: '已订阅，谢谢。',
    refused: '没有订阅。需要时可以再点一次。',
    closed: '您在微信中关闭了这个公众号的订阅通知，可在公众号主页的「设置 → 通知管理」中打开。',
    old: '当前微信版本不支持订阅，请升级微信。',
  },
  en: {
    title: 'Notices',
    intro: 'Once you agree you will get these in WeChat:',
    button: 'Agree',
    outside: 'Please open this page in WeChat.',
    unavailable: 'You cannot agree just now. Please try again later.',
    done: 'Thank you: you will be told.',
    refused: 'You did not agree. You can press the button again at any time.',
    closed:
      'You have closed the notices of this account in WeChat; they are opened on its profile, under Settings.',
    old: 'This version of WeChat cannot ask you. Please update it.',
  },
} as const satisfies Record<Language, object>

type Page = {
  account: Account
  templates: readonly WireTemplate[]
  config: object | undefined
  language: Language
  nonce: string
  sdk: string
}

function pageOf({ account, templates, config, language, nonce, sdk }: Page): string {
  const t = words[language]
  const ids = templates.map(one => escapeHtml(one.id)).join(',')
  const list = templates
    .map(one => `<li><strong>${escapeHtml(one.title)}</strong><pre>${escapeHtml(one.example)}</pre></li>`)
    .join('')
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t.title} · ${escapeHtml(account.name)}</title>
<style>
  :root { color-scheme: light dark; --text: #1f2329; --quiet: #646a73; --back: #f5f6f8; --card: #fff; }
  @media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --quiet: #9aa0a8; --back: #141414; --card: #1f1f1f; } }
  body { margin: 0; background: var(--back); color: var(--text);
    font: 16px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans SC", system-ui, sans-serif; }
  main { max-width: 480px; margin: 0 auto; padding: 32px 20px; }
  h1 { margin: 0 0 8px; font-size: 22px; }
  p { margin: 0 0 16px; color: var(--quiet); }
  ul { list-style: none; margin: 0 0 24px; padding: 0; }
  li { margin-bottom: 12px; padding: 12px 16px; border-radius: 8px; background: var(--card); }
  pre { margin: 4px 0 0; font: inherit; font-size: 14px; color: var(--quiet); white-space: pre-wrap; overflow-wrap: anywhere; }
  wx-open-subscribe { display: block; }
</style>
<main>
  <h1>${escapeHtml(account.name)}</h1>
  <p>${t.intro}</p>
  <ul>${list}</ul>
  <wx-open-subscribe id="ask" template="${ids}">
    <script type="text/wxtag-template" slot="style"><style>.agree { width: 100%; height: 48px; border: 0; border-radius: 6px; color: #fff; background: #077d3f; font-size: 17px; }</style></script>
    <script type="text/wxtag-template"><button class="agree">${t.button}</button></script>
  </wx-open-subscribe>
  <p id="state" role="status">${config ? t.outside : t.unavailable}</p>
</main>
${config ? scriptOf(config, t, nonce, sdk) : ''}
</html>
`
}

/** Error code of the tag for somebody who has switched the account's notices off. */
const switchedOff = 20004

function scriptOf(config: object, t: (typeof words)[Language], nonce: string, sdk: string): string {
  const { done, refused, closed, old, unavailable } = t
  const data = JSON.stringify({ config, done, refused, closed, old, unavailable })
  return `<script nonce="${nonce}" src="${escapeHtml(sdk)}"></script>
<script nonce="${nonce}">
  const page = ${data.replaceAll('<', '\\u003c')}
  const ask = document.getElementById('ask')
  const state = document.getElementById('state')
  const say = text => { state.textContent = text }
  if (window.wx) {
    let isRefused = false
    wx.error(() => {
      isRefused = true
      say(page.unavailable)
    })
    // Outside WeChat it is not called, and after a refusal it is.
    wx.ready(() => isRefused || say(''))
    document.addEventListener('WeixinOpenTagsError', () => say(page.old))
    wx.config(page.config)
    ask.addEventListener('success', event => {
      const details = JSON.parse(event.detail.subscribeDetails || '{}')
      const isAgreed = Object.values(details).some(one => JSON.parse(one).status === 'accept')
      say(isAgreed ? page.done : page.refused)
    })
    ask.addEventListener('error', event => {
      say(Number(event.detail?.errCode) === ${switchedOff} ? page.closed : page.unavailable)
    })
  }
</script>`
}
