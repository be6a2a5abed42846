/**
 * `<wisp-inbox src="https://wisp.example.com" ticket-url="/inbox-ticket">`: a bell with the number of messages that the person has not
 * opened; pressed, it shows them. It needs no framework, no cookie of wisp and no inline style or script, so that it works under a strict
 * Content-Security-Policy. `src` must be in `connect-src` and `script-src`.
 */

const words = {
  zh: {
    name: '消息',
    unread: n => (n === 0 ? '没有未读消息' : `${shownNumber(n)} 条未读消息`),
    shelves: { inbox: '收件箱', unread: '未读', later: '稍后', archived: '归档' },
    empty: {
      inbox: '还没有消息',
      unread: '没有未读消息',
      later: '没有稍后处理的消息',
      archived: '没有归档的消息',
    },
    loading: '正在读取……',
    more: '更多',
    fresh: '显示新消息',
    again: '重试',
    acknowledge: '收到',
    acknowledged: '已确认收到',
    archive: '归档',
    later: '稍后（24 小时后）',
    back: '放回收件箱',
    link: '查看详情',
    newTab: '（在新标签页中打开）',
    isNew: '未读',
    recalled: '这条消息已撤回',
    lost: '这条消息没有通过原来的渠道送达',
    settings: '消息设置',
    close: '关闭',
    unreachable: '连不上消息服务，请稍后重试',
    noTicket: '消息收件箱暂时打不开，请刷新页面后重试',
  },
  en: {
    name: 'Messages',
    unread: n => (n === 0 ? 'No unread messages' : `${shownNumber(n)} unread message${n === 1 ? '' : 's'}`),
    shelves: { inbox: 'Inbox', unread: 'Unread', later: 'Later', archived: 'Archived' },
    empty: {
      inbox: 'No messages yet',
      unread: 'No unread messages',
      later: 'Nothing put off',
      archived: 'Nothing archived',
    },
    loading: 'Loading…',
    more: 'More',
    fresh: 'Show new messages',
    again: 'Try again',
    acknowledge: 'Confirm receipt',
    acknowledged: 'Receipt confirmed',
    archive: 'Archive',
    later: 'Later (in 24 hours)',
    back: 'Back to the inbox',
    link: 'Open',
    newTab: ' (in a new tab)',
    isNew: 'Unread',
    recalled: 'This message was recalled',
    lost: 'This message did not arrive by the way it was sent',
    settings: 'Message settings',
    close: 'Close',
    unreachable: 'The messages cannot be reached: try again later',
    noTicket: 'The inbox cannot be opened now: reload the page and try again',
  },
}

/** wisp counts up to 100. */
const shownNumber = n => (n > 99 ? '99+' : String(n))

const css = `
:host { --fg: var(--wisp-fg, #1f2329); --dim: var(--wisp-dim, #5c6470); --bg: var(--wisp-bg, #fff); --line: var(--wisp-line, #dfe2e6);
  --hover: var(--wisp-hover, #f2f4f7); --accent: var(--wisp-accent, #1558c0); --on-accent: var(--wisp-on-accent, #fff);
  --alert: var(--wisp-alert, #c4281c); --on-alert: #fff; position: relative; display: inline-block; color: var(--fg);
  font: 14px/1.5 system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", sans-serif; text-align: start }
:host([hidden]) { display: none }
.dark { --fg: var(--wisp-fg, #e8eaed); --dim: var(--wisp-dim, #a9b1bc); --bg: var(--wisp-bg, #1e2126); --line: var(--wisp-line, #3b414a);
  --hover: var(--wisp-hover, #2a2f36); --accent: var(--wisp-accent, #8ab4f8); --on-accent: var(--wisp-on-accent, #10233f);
  --alert: var(--wisp-alert, #f28b82); --on-alert: #3b0a06; color: var(--fg) }
* { box-sizing: border-box }
button, a { font: inherit; color: inherit; cursor: pointer }
button { border: 1px solid transparent; border-radius: 6px; background: none; padding: 4px 10px; min-height: 32px }
button:hover, .settings:hover { background: var(--hover) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
.bell { position: relative; width: 40px; height: 40px; padding: 8px }
.bell svg { width: 22px; height: 22px; display: block }
.badge { position: absolute; top: 1px; inset-inline-end: 0; min-width: 18px; height: 18px; padding: 0 5px; border-radius: 9px;
  background: var(--alert); color: var(--on-alert); font-size: 11px; line-height: 18px; text-align: center }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.panel { position: absolute; z-index: 1000; inset-inline-end: 0; top: 46px; width: 380px; max-height: min(560px, 80vh); display: flex;
  flex-direction: column; background: var(--bg); border: 1px solid var(--line); border-radius: 10px; box-shadow: 0 8px 28px #0003 }
.panel.start { inset-inline: 0 auto }
[hidden] { display: none !important }
header { display: flex; align-items: center; padding: 10px 8px 4px 16px }
h2 { flex: 1; margin: 0; font-size: 16px }
nav { display: flex; gap: 4px; padding: 0 12px 8px; border-bottom: 1px solid var(--line) }
nav button { padding: 2px 10px; color: var(--dim) }
nav [aria-pressed=true] { background: var(--hover); color: var(--fg); font-weight: 600 }
.list { flex: 1; overflow-y: auto; overscroll-behavior: contain; min-height: 120px }
ul { list-style: none; margin: 0; padding: 0 }
li { border-bottom: 1px solid var(--line) }
.row { display: block; width: 100%; padding: 10px 16px; border-radius: 0; text-align: start }
.row:focus-visible { outline-offset: -2px }
.title { display: flex; gap: 8px; align-items: baseline; overflow-wrap: anywhere }
.new .title { font-weight: 600 }
.new .title::before { content: ""; flex: none; width: 8px; height: 8px; border-radius: 4px; background: var(--accent) }
.about { color: var(--dim); font-size: 12px }
.body { padding: 6px 16px 12px; overflow-wrap: anywhere }
.text { margin: 0 0 8px; white-space: pre-wrap }
.note, .state { color: var(--dim) }
.note { margin: 0 0 8px }
.acts { display: flex; flex-wrap: wrap; gap: 6px }
.acts button, .acts a { border: 1px solid var(--line); border-radius: 6px; padding: 3px 10px; min-height: 32px; text-decoration: none }
.acts .main { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
.state { padding: 32px 16px; text-align: center }
.state p { margin: 0 0 8px }
.failed { color: var(--alert) }
.more { display: block; margin: 8px auto }
footer { border-top: 1px solid var(--line); padding: 6px 12px; text-align: center }
.settings { display: inline-block; padding: 4px 10px; border-radius: 6px; color: var(--dim) }
@media (max-width: 480px) {
  .panel, .panel.start { position: fixed; inset: 8px; width: auto; max-height: none }
  button, .acts a, .settings { min-height: 40px; line-height: 30px }
  .row { line-height: inherit }
}`

/** What a page is told; `isFinal`: asking again would change nothing. */
class InboxError extends Error {
  constructor(message, isFinal = false) {
    super(message)
    this.isFinal = isFinal
  }
}

function el(tag, props = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value)
    else made.setAttribute(name, value === true ? '' : value)
  }
  made.append(...children.filter(child => child !== undefined && child !== ''))
  return made
}

function bellIcon() {
  const make = (name, attributes) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
    return made
  }
  const svg = make('svg', { viewBox: '0 0 24 24', fill: 'none', 'aria-hidden': 'true' })
  const line = {
    stroke: 'currentColor',
    'stroke-width': '1.8',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  }
  svg.append(
    make('path', { ...line, d: 'M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7' }),
    make('path', { ...line, d: 'M10 20.5h4' }),
  )
  return svg
}

/** http and https alone: a message must not run a script in the page. */
function safeUrl(url) {
  if (!URL.canParse(url)) return undefined
  return /^https?:$/.test(new URL(url).protocol) ? url : undefined
}

const pause = (ms, signal) =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/** Calls of wisp with a ticket that is asked for when it is needed, and once more when wisp does not take it. */
function createClient({ src, getTicket, language, t }) {
  let ticket
  /** How far wisp's clock is ahead of this device's, in ms. */
  let aheadMs = 0

  async function send(path, { query = {}, body, signal }, isAgain = false) {
    ticket ??= getTicket()
    const used = ticket
    let bearer
    try {
      bearer = await used
    } catch (error) {
      if (ticket === used) ticket = undefined
      throw new InboxError(t.noTicket, error?.isFinal === true)
    }
    const answer = await fetch(`${src}/inbox/${path}?${new URLSearchParams(query)}`, {
      method: body ? 'POST' : 'GET',
      credentials: 'omit',
      cache: 'no-store',
      headers: {
        authorization: `Bearer ${bearer}`,
        'accept-language': language,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal,
    }).catch(() => {
      throw new InboxError(t.unreachable)
    })
    const at = Date.parse(answer.headers.get('date') ?? '')
    if (!Number.isNaN(at)) aheadMs = at - Date.now()
    if (answer.status !== 401) return answer
    if (ticket === used) ticket = undefined
    if (!isAgain) return send(path, { query, body, signal }, true)
    throw new InboxError(await messageOf(answer), true)
  }

  const messageOf = async answer => (await answer.json().catch(() => ({}))).retMessage ?? t.unreachable

  return {
    send,
    /** By wisp's clock: that of the device may be wrong. */
    now: () => Date.now() + aheadMs,
    async call(path, options = {}) {
      const answer = await send(path, options)
      const { retCode, retMessage, body } = await answer.json().catch(() => ({}))
      if (retCode !== '0') throw new InboxError(retMessage ?? t.unreachable)
      return body
    },
  }
}

const beginsWithinMs = 8000
const againAtMostMs = 60_000

/** Calls `onNumber` at first and whenever the number is another, until the signal. Throws when wisp takes no ticket any more. */
async function follow(client, onNumber, signal) {
  let known
  let canStream = true
  let failures = 0
  const take = number => {
    failures = 0
    known = number
    onNumber(number)
  }
  while (!signal.aborted) {
    try {
      if (canStream) canStream = await readStream(client, take, signal)
      else take((await client.call('unread', { query: known === undefined ? {} : { known }, signal })).unread)
    } catch (error) {
      if (signal.aborted) return
      if (error.isFinal) throw error
      failures++
    }
    // A stream that ended is opened again a little later, so that many pages do not come at once.
    if (failures || canStream)
      await pause(Math.min(againAtMostMs, 500 * 2 ** failures) * (0.5 + Math.random()), signal)
  }
}

/** Reads events until the stream ends. Returns false when nothing came through, as behind a proxy that keeps answers back. */
async function readStream(client, take, signal) {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), beginsWithinMs)
  let hasBegun = false
  try {
    const answer = await client.send('stream', { signal: AbortSignal.any([signal, late.signal]) })
    if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return false
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let rest = ''; ; ) {
      const { value, done } = await reader.read()
      if (done) return hasBegun
      const lines = (rest + value).split('\n')
      rest = lines.pop()
      for (const line of lines) {
        if (!line.startsWith('data: ')) continue
        hasBegun = true
        clearTimeout(timer)
        take(JSON.parse(line.slice('data: '.length)).unread)
      }
    }
  } catch (error) {
    if (late.signal.aborted && !signal.aborted) return false
    throw error
  } finally {
    clearTimeout(timer)
  }
}

const shelves = ['inbox', 'unread', 'later', 'archived']
const dayMs = 86_400_000
/** Where there are no elements, such as on a server that renders pages, the module can be loaded all the same. */
const Base = globalThis.HTMLElement ?? class {}

export class WispInbox extends Base {
  static observedAttributes = ['src', 'ticket-url', 'lang', 'theme']

  #getTicket
  #unread = 0
  #shelf = 'inbox'
  #next = ''
  #parts
  #client
  #t
  #language
  #end
  #reads = 0
  #dark

  constructor() {
    super()
    // A page may have set it before this module was loaded.
    if (!Object.hasOwn(this, 'getTicket')) return
    this.#getTicket = this.getTicket
    delete this.getTicket
  }

  /** Returns a ticket, in the place of `ticket-url`. */
  get getTicket() {
    return this.#getTicket
  }

  set getTicket(given) {
    this.#getTicket = given
    if (this.isConnected && this.#parts) this.#begin()
  }

  get unread() {
    return this.#unread
  }

  get isOpen() {
    return this.#parts !== undefined && !this.#parts.panel.hidden
  }

  connectedCallback() {
    this.#dark ??= matchMedia('(prefers-color-scheme: dark)')
    this.#begin()
  }

  disconnectedCallback() {
    this.#end?.abort()
  }

  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || !this.#parts || before === after) return
    if (name === 'theme') this.#dress()
    else this.#begin()
  }

  #begin() {
    this.#reads++
    this.#end?.abort()
    this.#end = new AbortController()
    const { signal } = this.#end
    const asked = this.getAttribute('lang') || document.documentElement.lang || navigator.language
    this.#language = /^zh\b/i.test(asked) ? 'zh' : 'en'
    this.#t = words[this.#language]
    this.#client = createClient({
      src: (this.getAttribute('src') ?? '').replace(/\/+$/, ''),
      getTicket: () => this.#askTicket(),
      language: this.#language,
      t: this.#t,
    })
    this.#draw()
    this.#dress()
    this.#dark.addEventListener('change', () => this.#dress(), { signal })
    document.addEventListener('pointerdown', event => this.#pressed(event), { signal })
    document.addEventListener('visibilitychange', () => this.#follow(), { signal })
    this.#follow()
  }

  async #askTicket() {
    if (this.#getTicket) return this.#getTicket()
    const url = this.getAttribute('ticket-url')
    if (!url) throw new InboxError('no ticket-url', true)
    const answer = await fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { accept: 'application/json' },
    })
    // Who is refused must sign in first; a server that is away comes back.
    if (!answer.ok) throw new InboxError('no ticket', answer.status < 500 && answer.status !== 429)
    const { ticket } = await answer.json()
    if (typeof ticket !== 'string') throw new InboxError('no ticket', true)
    return ticket
  }

  #following

  /** A page that nobody sees asks nothing. */
  #follow() {
    this.#following?.abort()
    // Without either, a script of the page is about to set getTicket.
    if (document.hidden || !(this.#getTicket || this.getAttribute('ticket-url'))) return
    this.#following = new AbortController()
    const signal = AbortSignal.any([this.#end.signal, this.#following.signal])
    follow(this.#client, number => this.#take(number), signal).catch(error => this.#fail(error))
  }

  #take(number) {
    const isFirst = this.#parts.badge.textContent === ''
    const isMore = number > this.#unread
    this.#unread = number
    const { badge, bell, said } = this.#parts
    badge.textContent = shownNumber(number)
    badge.hidden = number === 0
    bell.setAttribute(
      'aria-label',
      `${this.#t.name}${this.#language === 'zh' ? '，' : ', '}${this.#t.unread(number)}`,
    )
    said.textContent = this.#t.unread(number)
    if (!isFirst && isMore && this.isOpen) this.#arrived()
    this.dispatchEvent(new CustomEvent('unread', { detail: { unread: number } }))
  }

  /** A list that somebody reads stays as it is until they ask for the new ones. */
  #arrived() {
    const { list, panel } = this.#parts
    const isUsed =
      list.contains(this.shadowRoot.activeElement) || list.querySelector('[aria-expanded=true]') !== null
    if (!isUsed) return void this.#read()
    if (list.querySelector('.fresh')) return
    const show = () => {
      panel.querySelector('[aria-pressed=true]').focus()
      void this.#read()
    }
    list.prepend(el('button', { type: 'button', class: 'more fresh', onclick: show }, this.#t.fresh))
  }

  #draw() {
    const t = this.#t
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [sheet]
    const badge = el('span', { class: 'badge', 'aria-hidden': 'true', hidden: true })
    const bell = el(
      'button',
      {
        type: 'button',
        class: 'bell',
        'aria-label': t.name,
        'aria-expanded': 'false',
        'aria-haspopup': 'dialog',
        onclick: () => (this.isOpen ? this.close() : this.open()),
      },
      bellIcon(),
      badge,
    )
    const said = el('span', { class: 'said', role: 'status' })
    const list = el('div', { class: 'list' })
    const panel = this.#drawPanel(list)
    const box = el('div', {}, bell, said, panel)
    box.addEventListener('keydown', event => this.#key(event))
    this.#parts = { box, badge, bell, said, list, panel }
    root.replaceChildren(box)
  }

  #drawPanel(list) {
    const t = this.#t
    const pick = shelf =>
      el(
        'button',
        {
          type: 'button',
          'data-shelf': shelf,
          'aria-pressed': String(shelf === this.#shelf),
          onclick: () => this.#choose(shelf),
        },
        t.shelves[shelf],
      )
    const page = matchMedia('(max-width: 480px)').matches ? 'mobile' : 'portal'
    const settings = safeUrl(`${this.getAttribute('src')}/${page}?me=messageChoices`)
    const link = settings && leaving(t, { href: settings, class: 'settings' }, t.settings)
    return el(
      'div',
      { class: 'panel', role: 'dialog', 'aria-label': t.name, hidden: true },
      el(
        'header',
        {},
        el('h2', {}, t.name),
        el('button', { type: 'button', 'aria-label': t.close, onclick: () => this.close() }, '✕'),
      ),
      el('nav', { 'aria-label': t.name }, ...shelves.map(pick)),
      list,
      link && el('footer', {}, link),
    )
  }

  #dress() {
    const theme = this.getAttribute('theme')
    this.#parts.box.classList.toggle('dark', theme === 'dark' || (theme !== 'light' && this.#dark.matches))
  }

  open() {
    if (this.isOpen) return
    const { bell, panel } = this.#parts
    const { left, right } = bell.getBoundingClientRect()
    panel.classList.toggle('start', left + right < innerWidth)
    panel.hidden = false
    bell.setAttribute('aria-expanded', 'true')
    panel.querySelector('[aria-pressed=true]').focus()
    void this.#read()
  }

  close() {
    if (!this.isOpen) return
    this.#parts.panel.hidden = true
    this.#parts.bell.setAttribute('aria-expanded', 'false')
    this.#parts.bell.focus()
  }

  #pressed(event) {
    if (!this.isOpen || event.composedPath().includes(this)) return
    this.#parts.panel.hidden = true
    this.#parts.bell.setAttribute('aria-expanded', 'false')
  }

  #key(event) {
    if (event.key === 'Escape' && this.isOpen) {
      event.stopPropagation()
      this.close()
      return
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || !this.isOpen) return
    event.preventDefault()
    const rows = [...this.#parts.list.querySelectorAll('.row')]
    const item = event.target.closest('li')
    rows[rows.findIndex(row => row.parentElement === item) + step]?.focus()
  }

  #choose(shelf) {
    this.#shelf = shelf
    for (const button of this.#parts.panel.querySelectorAll('[data-shelf]'))
      button.setAttribute('aria-pressed', String(button.dataset.shelf === shelf))
    void this.#read()
  }

  /** Of several readings the last one counts. Never rejects. */
  async #read(after = '') {
    const read = ++this.#reads
    const { list } = this.#parts
    if (after === '') list.replaceChildren(el('div', { class: 'state', role: 'status' }, this.#t.loading))
    try {
      const query = { shelf: this.#shelf, ...(after && { after }) }
      const page = await this.#client.call('messages', { query, signal: this.#end.signal })
      if (read !== this.#reads) return
      this.#show(page, after !== '')
      // The number was given up when no ticket was to be had.
      if (this.#following?.signal.aborted) this.#follow()
    } catch (error) {
      if (read === this.#reads) this.#fail(error)
    }
  }

  #show({ list, next }, isMore) {
    const t = this.#t
    this.#next = next
    const place = this.#parts.list
    const rows = list.map(message => this.#row(message))
    place.querySelector('.more:not(.fresh)')?.remove()
    if (isMore) place.querySelector('ul')?.append(...rows)
    else if (rows.length > 0 || next) place.replaceChildren(el('ul', {}, ...rows))
    else place.replaceChildren(el('div', { class: 'state' }, t.empty[this.#shelf]))
    if (next)
      place.append(
        el('button', { type: 'button', class: 'more', onclick: () => void this.#read(this.#next) }, t.more),
      )
    if (isMore) rows[0]?.querySelector('.row').focus()
  }

  #fail(error) {
    if (this.#end.signal.aborted) return
    const { list } = this.#parts
    if (error.isFinal) this.#following?.abort()
    list.replaceChildren(
      el(
        'div',
        { class: 'state', role: 'alert' },
        el('p', { class: 'failed' }, error.message),
        el('button', { type: 'button', onclick: () => this.#again() }, this.#t.again),
      ),
    )
  }

  #again() {
    this.#follow()
    void this.#read()
  }

  #row(message) {
    const t = this.#t
    const body = el('div', { class: 'body', hidden: true })
    const title = el(
      'span',
      { class: 'title' },
      message.title || message.text.split('\n', 1)[0] || t.recalled,
    )
    const at = new Intl.DateTimeFormat(this.#language === 'zh' ? 'zh-CN' : 'en', {
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
    }).format(new Date(message.at))
    const isNew = el('span', { class: 'said' }, t.isNew)
    const row = el(
      'button',
      {
        type: 'button',
        class: 'row',
        'aria-expanded': 'false',
        onclick: () => void this.#toggle(item, message),
      },
      title,
      el('span', { class: 'about' }, [message.sender, message.via, at].filter(Boolean).join(' · ')),
      message.isRead ? undefined : isNew,
    )
    const item = el('li', message.isRead ? {} : { class: 'new' }, row, body)
    return item
  }

  /** Opening a message tells wisp that its receiver has read it. Never rejects. */
  async #toggle(item, message) {
    const row = item.querySelector('.row')
    const body = item.querySelector('.body')
    body.hidden = !body.hidden
    row.setAttribute('aria-expanded', String(!body.hidden))
    if (body.hidden) return
    this.#fill(item, message)
    try {
      const opened = await this.#client.call('open', { body: { msgId: message.id } })
      item.classList.remove('new')
      row.querySelector('.said')?.remove()
      this.#fill(item, opened)
    } catch (error) {
      this.#note(item, error.message)
    }
  }

  #note(item, text) {
    item.querySelector('.acts').before(el('p', { class: 'note failed', role: 'alert' }, text))
  }

  #fill(item, message) {
    const t = this.#t
    const { state, receipt } = message
    const act = (text, run, kind) => el('button', { type: 'button', class: kind, onclick: run }, text)
    const url = safeUrl(message.url)
    const isAway =
      message.isArchived || (message.laterUntil && Date.parse(message.laterUntil) > this.#client.now())
    const place = (where, until) => () => void this.#place(item, message, where, until)
    const note = { recalled: t.recalled, lost: t.lost }[state]
    item
      .querySelector('.body')
      .replaceChildren(
        ...[
          note && el('p', { class: 'note' }, note),
          message.text && el('p', { class: 'text' }, message.text),
          ...message.files.map(file => el('p', { class: 'note' }, `📎 ${file.name}`)),
          receipt === 'given' && el('p', { class: 'note' }, t.acknowledged),
          el(
            'div',
            { class: 'acts' },
            receipt === 'asked' && state !== 'recalled'
              ? act(t.acknowledge, () => void this.#acknowledge(item, message), 'main')
              : undefined,
            url &&
              leaving(
                t,
                { href: url, class: receipt === 'asked' ? undefined : 'main' },
                message.button || t.link,
              ),
            ...(isAway
              ? [act(t.back, place('inbox'))]
              : [act(t.archive, place('archived')), act(t.later, place('later', dayMs))]),
          ),
        ].filter(Boolean),
      )
  }

  async #acknowledge(item, message) {
    try {
      await this.#client.call('acknowledge', { body: { msgId: message.id } })
      this.#fill(item, { ...message, receipt: 'given' })
      item.querySelector('.row').focus()
    } catch (error) {
      this.#note(item, error.message)
    }
  }

  async #place(item, message, place, inMs) {
    const until = inMs && new Date(this.#client.now() + inMs).toISOString()
    try {
      await this.#client.call('place', { body: { msgId: message.id, place, ...(until && { until }) } })
      const near = item.nextElementSibling ?? item.previousElementSibling
      item.remove()
      if (near) near.querySelector('.row').focus()
      else {
        this.#parts.panel.querySelector('[aria-pressed=true]').focus()
        void this.#read()
      }
    } catch (error) {
      this.#note(item, error.message)
    }
  }
}

/** A link to another page, which learns nothing of this one. */
function leaving(t, props, text) {
  return el(
    'a',
    { ...props, target: '_blank', rel: 'noopener noreferrer', 'aria-label': `${text}${t.newTab}` },
    text,
  )
}

if (globalThis.customElements && !customElements.get('wisp-inbox'))
  customElements.define('wisp-inbox', WispInbox)
