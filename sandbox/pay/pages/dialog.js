import { cashier, miniProgramPage } from './cashier.js'

const stage = document.querySelector('#stage')
const query = Object.fromEntries(new URLSearchParams(location.search))
const { request, miniProgramPage: page, ...rest } = query
const result = await (page === undefined
  ? cashier(stage, { ...rest, ...(request !== undefined && { request: JSON.parse(request) }) })
  : miniProgramPage(stage, page))
// Only the word leaves, and weixin-client.js looks at where it comes from.
;(window.opener ?? window.parent).postMessage({ sandboxPay: result }, '*')
stage.replaceChildren()
