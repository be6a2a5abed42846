import { clientOfWindow } from '/pages/client-window.js'
import { h } from '/pages/dom.js'
import { cashier } from './cashier.js'

const stage = document.querySelector('#stage')
const redirect = new URLSearchParams(location.search).get('redirect_url')
const result = await cashier(
  stage,
  {
    h5Url: location.href,
    referrer: document.referrer,
    ...(redirect !== null && { redirectUrl: redirect }),
    client: clientOfWindow()?.client,
  },
  { done: redirect === null ? '完成' : '返回商家' },
)
const target = redirect === null ? null : URL.parse(redirect)
// WeChat leads back whatever became of the payment; the merchant has to ask.
if (target && /^https?:$/.test(target.protocol)) location.replace(target.href)
else
  stage.replaceChildren(
    h(
      'section',
      { class: 'sheet' },
      h('div', { role: 'status' }, h('h1', {}, result === 'ok' ? '支付已完成' : '支付没有完成')),
      h('p', { class: 'payee' }, '请回到商家的页面'),
    ),
  )
