import type { CallInput } from '../../ui/data/api.ts'

export type Client = Exclude<CallInput<'/web/pay/order'>['place'], '' | undefined>

type BridgeResult = { err_msg?: string; err_desc?: string }
type Bridge = {
  invoke(name: string, parameters: Record<string, string>, done: (result: BridgeResult) => void): void
}
type WeixinWindow = Window & {
  WeixinJSBridge?: Bridge
  __wxjs_environment?: string
  wx?: { miniProgram?: { navigateTo(options: { url: string; fail?: () => void }): void } }
}

const weixin = window as WeixinWindow
const scriptMs = 4000
const bridgeMs = 5000

let asked: Promise<Client> | undefined

/** Which client shows the page: told by its name for itself, after WeChat's own script had its say. */
export function clientOf(scriptUrl: string): Promise<Client> {
  asked ??= loadScript(scriptUrl).then(readClient)
  return asked
}

/** Resolves also when the script cannot be had, because outside of WeChat nothing needs it. */
function loadScript(url: string): Promise<void> {
  return new Promise(resolve => {
    const script = document.createElement('script')
    script.src = url
    script.onload = () => resolve()
    script.onerror = () => resolve()
    setTimeout(resolve, scriptMs)
    document.head.append(script)
  })
}

function readClient(): Client {
  const { userAgent } = navigator
  if (/miniProgram/i.test(userAgent) || weixin.__wxjs_environment === 'miniprogram') return 'miniProgram'
  if (/wxwork/i.test(userAgent)) return 'wecom'
  if (/MicroMessenger/i.test(userAgent)) return 'wechat'
  return /Mobile|Android|iPhone|iPad|iPod/.test(userAgent) ? 'phone' : 'desktop'
}

export type PaymentEnd = { end: 'ok' | 'cancel' | 'fail'; words: string }

/** Opens WeChat's own dialog. `ok` is what the client believes; the server asks WeChat Pay. */
export async function payByBridge(parameters: Record<string, string>): Promise<PaymentEnd> {
  const bridge = await bridgeReady()
  if (!bridge) return { end: 'fail', words: '' }
  return new Promise(resolve => {
    bridge.invoke('getBrandWCPayRequest', parameters, ({ err_msg = '', err_desc = '' }) => {
      const end = /:(ok|cancel)$/.exec(err_msg)?.[1] as 'ok' | 'cancel' | undefined
      resolve({ end: end ?? 'fail', words: err_desc || err_msg.replace(/^\w+:(fail[ :]?)?/, '') })
    })
  })
}

function bridgeReady(): Promise<Bridge | undefined> {
  if (weixin.WeixinJSBridge) return Promise.resolve(weixin.WeixinJSBridge)
  return new Promise(resolve => {
    const done = () => resolve(weixin.WeixinJSBridge)
    document.addEventListener('WeixinJSBridgeReady', done, { once: true })
    setTimeout(done, bridgeMs)
  })
}

/** Opens a page of the mini-program around this page. Resolves with false when it cannot. */
export function openMiniProgramPage(url: string): Promise<boolean> {
  const { miniProgram } = weixin.wx ?? {}
  if (!miniProgram) return Promise.resolve(false)
  return new Promise(resolve => {
    miniProgram.navigateTo({ url, fail: () => resolve(false) })
    // Without an answer the other page is already in front.
    setTimeout(() => resolve(true), 1000)
  })
}
