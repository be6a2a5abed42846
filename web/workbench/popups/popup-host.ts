/**
 * Pages of others are not trusted. Messages of popups and pickers are taken only from the frame that is shown and from its
 * app's origins. Tickets go only to an app's own origins.
 */

import { type PopupCall, type PopupRequest, readAsk, readPopup } from './popup-rules.ts'

/** A window from which messages may be accepted: an opened app's frame, or the page in the dialog. */
export type TrustedWindow<A> = {
  source: unknown
  app: A
  origins: readonly string[]
}

export type Answer = (
  answer: { ok: true; value: unknown } | { ok: false; code: string; message: string },
) => void

export type HostOptions<A> = {
  frames(): readonly TrustedWindow<A>[]
  /** The page in the dialog, if one is open. */
  dialog(): TrustedWindow<A> | undefined
  onPopup(app: A, popup: PopupRequest, origin: string): void
  onClose(app: A): void
  onAsk(app: A, ask: PopupCall, answer: Answer): void
  /** Runs the function before the next frame is drawn. */
  nextFrame(run: () => void): void
}

export type IncomingMessage = { data: unknown; origin: string; source: unknown }

const asksPerFrame = 20

/**
 * Handles the messages that pages send to the portal. Only windows of opened apps on their registered origins
 * are accepted; the page in the dialog, which may belong to any site, can only close the dialog. Of all
 * messages between two frames of the screen only the last one is handled, so a page cannot flood the portal.
 */
export function createPopupHost<A>(options: HostOptions<A>): (message: IncomingMessage) => void {
  let last: IncomingMessage | undefined
  let asks = 0
  let isWaiting = false

  function act() {
    isWaiting = false
    asks = 0
    const message = last
    last = undefined
    if (message) decide(options, message)
  }

  function wait() {
    if (isWaiting) return
    isWaiting = true
    options.nextFrame(act)
  }

  return message => {
    const { data, source } = message
    const isAsk = typeof data === 'object' && data !== null && 'wisp' in data
    if (!isAsk) {
      // The cheap check comes first, because other windows and browser extensions post many messages that are
      // not meant for the portal.
      if (!isKnown(options, source)) return
      last = message
      wait()
      return
    }
    const heard = heardOn(options, message)
    if (!heard || ++asks > asksPerFrame) return
    wait()
    hearAsk(options, heard, message)
  }
}

function isKnown<A>(options: HostOptions<A>, source: unknown): boolean {
  return options.dialog()?.source === source || options.frames().some(one => one.source === source)
}

/** The app to which the sending page belongs, if the page is on one of the app's origins. */
function heardOn<A>(options: HostOptions<A>, message: IncomingMessage): TrustedWindow<A> | undefined {
  const dialog = options.dialog()
  const all = dialog ? [...options.frames(), dialog] : options.frames()
  const heard = all.find(one => one.source === message.source)
  return heard?.origins.includes(message.origin) ? heard : undefined
}

function decide<A>(options: HostOptions<A>, message: IncomingMessage): void {
  const { data, source, origin } = message
  const dialog = options.dialog()
  if (dialog && dialog.source === source) {
    if (data === null) options.onClose(dialog.app)
    return
  }
  const frame = options.frames().find(one => one.source === source)
  if (!frame?.origins.includes(origin)) return
  if (data === null) {
    options.onClose(frame.app)
    return
  }
  const popup = readPopup(data, origin)
  if (popup) options.onPopup(frame.app, popup, origin)
}

function hearAsk<A>(options: HostOptions<A>, heard: TrustedWindow<A>, message: IncomingMessage): void {
  const ask = readAsk(message.data)
  if (ask === undefined) return
  const { id } = ask || (message.data as { id: string })
  const say = (answer: object) => {
    const window = message.source as { postMessage(data: unknown, origin: string): void }
    // The origin is given so that the answer does not reach another page to which the frame has gone
    // since.
    window.postMessage({ wisp: 1, id, ...answer }, message.origin)
  }
  if (ask === false) {
    say({ ok: false, code: 'badRequest', message: 'unknown act' })
    return
  }
  say({ heard: true })
  options.onAsk(heard.app, ask, say)
}
