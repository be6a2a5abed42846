/**
 * The portal confirms every request at once. Only that confirmation has a time limit, because a person may
 * take any time to choose.
 */
const heardWithinMs = 5000
/** Outside of WeCom its script is silent. */
const configuredWithinMs = 10_000

export class WispError extends Error {
  constructor(code, message) {
    super(message)
    this.name = 'WispError'
    this.code = code
  }
}

export function createWisp({
  self,
  parent,
  portal,
  picker = portal,
  answerWithinMs = heardWithinMs,
  configureWithinMs = configuredWithinMs,
}) {
  // The ticket is read at once, because pages that route in the browser change their address later.
  const firstTicket = new URL(self.location.href).searchParams.get('jessionId') ?? ''
  const isFramed = parent !== self
  let picked = isFramed ? undefined : readPicked(self)
  const waiting = new Map()
  let lastId = 0

  if (isFramed) {
    self.addEventListener('message', event => {
      const { data, source, origin } = event
      if (source !== parent || (portal && origin !== portal)) return
      if (typeof data !== 'object' || data === null || data.wisp !== 1) return
      waiting.get(data.id)?.(data)
    })
  }

  function ask(act, options) {
    if (!isFramed)
      return Promise.reject(new WispError('noPortal', 'this page is not in a frame of the portal'))
    // The id is random because other pages of this app may send requests at the same time.
    const id = `${Math.random().toString(36).slice(2)}.${++lastId}`
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        waiting.delete(id)
        reject(new WispError('noPortal', 'the portal did not answer'))
      }, answerWithinMs)
      waiting.set(id, answer => {
        clearTimeout(giveUp)
        if (answer.heard) return
        waiting.delete(id)
        if (answer.ok) resolve(answer.value)
        else reject(new WispError(answer.code, answer.message))
      })
      parent.postMessage({ wisp: 1, id, act, options }, portal || '*')
    })
  }

  /** Without a frame the page itself goes to the picker, which comes back to this address. */
  function pick(act, options) {
    if (isFramed) return ask(act, options)
    if (!picker) return Promise.reject(new WispError('noPortal', 'this page does not know its portal'))
    const { title, multiple, max, selected = [] } = options
    const id = Math.random().toString(36).slice(2)
    const query = new URLSearchParams({
      id,
      act,
      to: self.location.href,
      options: JSON.stringify({ title, multiple, max }),
    })
    self.sessionStorage.setItem(pickKey, id)
    // What was chosen before may be long: servers do not see the fragment.
    self.location.assign(`${picker}/mobile/pick?${query}#${encodeURIComponent(JSON.stringify(selected))}`)
    return new Promise(() => undefined)
  }

  return {
    openPopup({ title, url, width, height } = {}) {
      const address = URL.canParse(url, self.location.href) ? new URL(url, self.location.href) : undefined
      if (address?.protocol !== 'http:' && address?.protocol !== 'https:')
        throw new WispError('badRequest', 'url must be an http(s) address')
      if (typeof title !== 'string' || title.trim() === '')
        throw new WispError('badRequest', 'title is required')
      if (!isFramed) self.open(address.href, '_blank', 'noopener')
      else parent.postMessage({ title, url: address.href, width, height }, portal || '*')
    },
    closePopup() {
      if (isFramed) parent.postMessage(null, portal || '*')
    },
    async getTicket({ fresh = false } = {}) {
      return firstTicket && !fresh ? firstTicket : ask('ticket', {})
    },
    pickMembers: async (options = {}) => pick('pickMembers', options),
    pickDepartments: async (options = {}) => pick('pickDepartments', options),
    takePicked() {
      const taken = picked
      picked = undefined
      return taken
    },
    configure: async (options = {}) => configureWecom(self, options, configureWithinMs),
    ...approvalPages(self),
  }
}

const approvalPages = self => ({
  startApproval: async (options = {}) => openApproval(self, '10001', options),
  showApproval: async (options = {}) => openApproval(self, '10002', options),
})

/** WeCom's newer script has the call itself, the older one by name. */
function openApproval({ ww, wx }, oaType, { templateId, thirdNo, fields = [] }) {
  const isText = value => typeof value === 'string' && value !== ''
  if (!isText(templateId) || !isText(thirdNo))
    return Promise.reject(new WispError('badRequest', 'templateId and thirdNo are required'))
  const fieldList = fields.map(({ title, value, type = 'text' }) => ({ title, value, type }))
  const given = { oaType, templateId, thirdNo, extData: { fieldList } }
  if (typeof ww?.thirdPartyOpenPage === 'function') return askedOf(ww.thirdPartyOpenPage(given))
  if (typeof wx?.invoke !== 'function')
    return Promise.reject(new WispError('noWecom', "WeCom's script is not on this page"))
  return new Promise((resolve, reject) =>
    wx.invoke('thirdPartyOpenPage', given, answer => {
      const why = answer?.err_msg ?? answer?.errMsg ?? ''
      if (/:ok$/.test(why)) resolve()
      else reject(new WispError(/not exist/i.test(why) ? 'noWecom' : 'refused', why))
    }),
  )
}

const askedOf = asked =>
  Promise.resolve(asked).then(
    () => undefined,
    error => Promise.reject(new WispError('refused', error?.errMsg ?? error?.message ?? String(error))),
  )

async function configureWecom(self, { agentId, jsApiList = [], configUrl }, withinMs) {
  if (!agentId || !URL.canParse(configUrl, self.location.href))
    throw new WispError('badRequest', 'agentId and configUrl are required')
  if (typeof self.wx?.config !== 'function')
    throw new WispError('noWecom', "WeCom's script is not on this page")
  const url = self.location.href.split('#', 1)[0]
  const ask = rejected => askSigned(self, configUrl, { agentId, url, ...rejected })
  const give = signed => giveToWecom(self.wx, signed, jsApiList, withinMs)
  const renewed = new Set()
  for (let rejected; ; ) {
    try {
      return await give(await ask(rejected))
    } catch (error) {
      // Only WeCom knows that a ticket is dead. The platform fetches another one when it is told which signature was refused.
      const { of, timestamp, nonceStr, signature } = error.rejected ?? {}
      if (!of || renewed.has(of)) throw error
      renewed.add(of)
      rejected = { rejected: `${timestamp}.${nonceStr}.${signature}` }
    }
  }
}

/** Asks the application's own server, which answers what the platform answered it. */
async function askSigned(self, configUrl, query) {
  const address = new URL(configUrl, self.location.href)
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  let answer
  try {
    answer = await (await self.fetch(address.href)).json()
  } catch (error) {
    throw new WispError('refused', `${configUrl}: ${error.message}`)
  }
  if (answer?.retCode !== '0' || !answer.body)
    throw new WispError('refused', answer?.retMessage ?? `${configUrl} did not answer what the platform does`)
  return answer.body
}

/** Resolves when WeCom took both. A WispError because of a refused signature has that in `rejected`. */
function giveToWecom(wx, { config, agentConfig }, jsApiList, withinMs) {
  return new Promise((resolve, reject) => {
    let isOver = false
    const end = settle => {
      isOver = true
      clearTimeout(giveUp)
      settle()
    }
    const fail = (code, message, rejected) =>
      end(() => reject(Object.assign(new WispError(code, message), { rejected })))
    const giveUp = setTimeout(
      () => fail('noWecom', 'WeCom did not answer: is this page open in WeCom?'),
      withinMs,
    )
    const failBy = (of, given) => answer => {
      const why = answer?.errMsg ?? ''
      if (/function not exist/i.test(why)) fail('noWecom', `WeCom is too old: ${why}`)
      else fail('refused', why, /signature|ticket|40093|4201[12]/i.test(why) ? { of, ...given } : undefined)
    }
    wx.error(failBy('config', config))
    wx.config({ ...config, jsApiList })
    wx.ready(() => {
      // WeCom's script says that it is ready after a refusal too.
      if (isOver) return
      if (typeof wx.agentConfig !== 'function')
        return fail('noWecom', 'wx.agentConfig is missing: include jwxwork-1.0.0.js')
      wx.agentConfig({
        ...agentConfig,
        jsApiList,
        success: () => end(resolve),
        fail: failBy('agentConfig', agentConfig),
      })
    })
  })
}

const pickKey = 'wisp.pick'
const pickedMark = /[#&]wisp-picked=([^#&]*)$/

/**
 * What the picker sent back, which is taken out of the address before the page's own router reads it. Anybody can make up
 * such an address, so it must answer the question that this window asked last.
 */
function readPicked(self) {
  const given = pickedMark.exec(self.location.href)?.[1]
  if (given === undefined) return undefined
  self.history.replaceState(self.history.state, '', self.location.href.replace(pickedMark, ''))
  try {
    const { id, act, value } = JSON.parse(decodeURIComponent(given))
    const asked = self.sessionStorage.getItem(pickKey)
    self.sessionStorage.removeItem(pickKey)
    return asked !== null && id === asked ? { act, value } : undefined
  } catch {
    return undefined
  }
}

const isInPage = typeof window !== 'undefined'
const own = isInPage
  ? createWisp({ self: window, parent: window.parent, picker: portalOf(import.meta.url) })
  : undefined

/** The wisp server from which this module was loaded, if it was. */
function portalOf(address) {
  const { origin, pathname } = new URL(address)
  return pathname === '/sdk/wisp.js' ? origin : undefined
}

function here() {
  if (!own) throw new WispError('noPortal', 'there is no window here')
  return own
}

export const openPopup = popup => here().openPopup(popup)
export const closePopup = () => here().closePopup()
export const getTicket = async options => here().getTicket(options)
export const pickMembers = async options => here().pickMembers(options)
export const pickDepartments = async options => here().pickDepartments(options)
export const takePicked = () => here().takePicked()
export const startApproval = async options => here().startApproval(options)
export const showApproval = async options => here().showApproval(options)
export const configure = async options => here().configure(options)
