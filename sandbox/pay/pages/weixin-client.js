/**
 * Comes with the JS-SDK (official/pages/jweixin.js). In a window that the sandbox's phone opened it lets the page see what it
 * would see in that client: the user agent, WeixinJSBridge and more of wx. Elsewhere it does nothing.
 */
{
  const [, client, person = ''] = /^sandbox-phone:(wechat|wecom|miniprogram):?(.*)$/s.exec(window.name) ?? []
  const sandbox = new URL(document.currentScript.src).origin
  const isMiniProgram = client === 'miniprogram'
  const phone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'
  const weixin = `${phone} MicroMessenger/8.0.60(0x18003c32) NetType/WIFI Language/zh_CN`
  const agents = {
    wechat: weixin,
    wecom: `${phone} wxwork/4.1.38 MicroMessenger/7.0.1 Language/zh ColorScheme/Light`,
    miniprogram: `${weixin} miniProgram/wx0000000000000000`,
  }

  const frameOf = src => {
    const frame = document.createElement('iframe')
    frame.title = '微信支付（沙箱）'
    frame.src = src
    Object.assign(frame.style, {
      position: 'fixed',
      inset: '0',
      width: '100%',
      height: '100%',
      border: '0',
      zIndex: '2147483647',
      colorScheme: 'normal',
    })
    return frame
  }

  const isRefused = ({ blockedURI, effectiveDirective }) =>
    blockedURI.startsWith(sandbox) && /^(frame|child|default)-src/.test(effectiveDirective)

  /** Shows the dialog for what the page asks; resolves with what it says at its end. */
  const openDialog = question => {
    const query = new URLSearchParams({ client, person, page: location.href, ...question })
    const frame = frameOf(`${sandbox}/pay/dialog?${query}`)
    let popup
    return new Promise(resolve => {
      // A page whose policy allows no such frame gets a window.
      const refused = event => {
        if (!isRefused(event)) return
        frame.remove()
        popup = open(frame.src, 'sandbox-pay', 'width=420,height=720')
        if (!popup) end('fail')
      }
      const heard = event => {
        if (event.origin !== sandbox || event.source !== (popup ?? frame.contentWindow)) return
        if (event.data?.sandboxPay) end(event.data.sandboxPay)
      }
      const end = result => {
        removeEventListener('message', heard)
        document.removeEventListener('securitypolicyviolation', refused)
        frame.remove()
        popup?.close()
        resolve(result)
      }
      addEventListener('message', heard)
      document.addEventListener('securitypolicyviolation', refused)
      document.body.append(frame)
    })
  }

  const calls = {
    getBrandWCPayRequest: async params => {
      const result = await openDialog({ request: JSON.stringify(params) })
      return { err_msg: `get_brand_wcpay_request:${result}` }
    },
    closeWindow: () => {
      close()
      return { err_msg: 'close_window:ok' }
    },
  }
  const nothing = () => {}
  const invoke = async (name, params, callback = nothing) =>
    callback((await calls[name]?.(params)) ?? { err_msg: `${name}:function not exist` })

  const chooseWXPay = ({ timestamp, success = nothing, cancel = nothing, fail = nothing, ...params }) =>
    invoke('getBrandWCPayRequest', { timeStamp: String(timestamp), ...params }, ({ err_msg: message }) => {
      const result = message.split(':')[1]
      const tell = { ok: success, cancel }[result] ?? fail
      tell({ errMsg: `chooseWXPay:${result}` })
    })
  const checkJsApi = ({ jsApiList, success = nothing }) =>
    success({
      checkResult: Object.fromEntries(jsApiList.map(name => [name, true])),
      errMsg: 'checkJsApi:ok',
    })
  const jump = ({ url }) => isMiniProgram && openDialog({ miniProgramPage: url })

  if (client) {
    Object.defineProperty(navigator, 'userAgent', { configurable: true, get: () => agents[client] })
    if (isMiniProgram) window.__wxjs_environment = 'miniprogram'
    window.WeixinJSBridge = { invoke, call: name => invoke(name), on: nothing }
    Object.assign(window.wx, {
      invoke,
      checkJsApi,
      chooseWXPay,
      miniProgram: {
        getEnv: callback => callback({ miniprogram: isMiniProgram }),
        navigateTo: jump,
        redirectTo: jump,
      },
    })
    queueMicrotask(() => document.dispatchEvent(new Event('WeixinJSBridgeReady')))
  }
}
