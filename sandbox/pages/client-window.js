import { safeUrl } from './dom.js'

/**
 * Opens an address as a client does, in a window of its own. Its name tells pay/pages/weixin-client.js which client it is
 * (wechat, wecom or miniprogram) and whose: a userid in WeCom, else an openid.
 */
export function openInClient(address, client, person) {
  const href = safeUrl(address)
  if (href) open(href, `sandbox-phone:${client}:${person}`, 'noreferrer')
}

/** Lets the links in `phone` open in a client; `holder()` says in which one, and who holds the phone. */
export function followInClient(phone, holder) {
  phone.addEventListener('click', event => {
    const anchor = event.target.closest?.('a[target="_blank"]')
    if (!anchor) return
    event.preventDefault()
    const { client, person } = holder()
    openInClient(anchor.href, client, person)
  })
}

/** The client that this window is open in and the person who holds it; undefined outside of the phones. */
export function clientOfWindow() {
  const [, client, person] = /^sandbox-phone:(wechat|wecom|miniprogram):(.+)$/s.exec(window.name) ?? []
  return client && { client, person }
}
