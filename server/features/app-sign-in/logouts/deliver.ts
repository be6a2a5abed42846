import type { Core } from '../../../platform/core.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Outbound } from '../../../platform/security/outbound.ts'
import { OutboundRefused } from '../../../platform/security/outbound-policy.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type Words, wordsToStore } from '../../../platform/words.ts'
import type { AppSession } from '../session-store.ts'
import * as store from './store.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'app-logout': true
  }
}

/** How a protocol tells an application that somebody was signed out: a form, made for each attempt. Undefined: it cannot be told any more. */
export type LogoutForm = (logout: store.Logout) => Promise<string | undefined>

export type Logouts = {
  /** Given by each protocol as it is created. */
  speak(protocol: store.Logout['protocol'], form: LogoutForm): void
  formOf(logout: store.Logout): Promise<string | undefined>
}

export function createLogouts(): Logouts {
  const forms = new Map<store.Logout['protocol'], LogoutForm>()
  return {
    speak: (protocol, form) => void forms.set(protocol, form),
    formOf: async logout => forms.get(logout.protocol)?.(logout),
  }
}

const appsAtOnce = 16
const callsAtOnce = 8
const timeoutMs = 10_000
/** Waits after each failed attempt; together an hour. */
const delaysMs = [2, 5, 15, 30, 60, 120, 300, 600, 900, 1500].map(seconds => seconds * 1000)

/** Tells the applications of sessions that ended in this transaction. */
export async function tellOfLogouts(
  tx: Db,
  corpId: string,
  ended: readonly AppSession[],
  cause: store.LogoutCause,
  at: Date,
): Promise<void> {
  const told = ended.filter(one => one.logoutUri !== '')
  if (told.length === 0) return
  await store.insertLogouts(tx, corpId, told, cause, at)
  const keys = [...new Set(told.map(one => one.appId))].sort()
  await enqueue(
    tx,
    keys.map(key => ({ corpId, stream: 'app-logout' as const, key })),
    at,
  )
}

type Needs = Core & { logouts: Logouts; outbound: Outbound; queue: Queue }

export function handleLogouts(ctx: Needs): void {
  ctx.queue.handle({
    name: 'app-logout',
    atOnce: appsAtOnce,
    goesOn: ['suspended'],
    work: held => deliver(ctx, held),
  })
}

async function deliver(ctx: Needs, held: ActiveTask): Promise<Date | undefined> {
  const { corpId, key } = held
  while (!held.signal.aborted) {
    held.reset()
    const due = await store.dueLogouts(ctx.db, corpId, key, new Date(ctx.now()), callsAtOnce)
    if (due.length === 0) return store.nextLogoutAt(ctx.db, corpId, key)
    await Promise.all(due.map(logout => attempt(ctx, held, logout)))
  }
  return new Date(ctx.now())
}

async function attempt(ctx: Needs, held: ActiveTask, logout: store.Logout): Promise<void> {
  const form = await ctx.logouts.formOf(logout)
  const { status, error } =
    form === undefined
      ? {
          status: null,
          error: { zh: '应用已不用这种方式登录', en: 'the app signs nobody in this way any more' },
        }
      : await send(ctx, held, logout, form)
  const at = new Date(ctx.now())
  const delay = form === undefined ? undefined : delaysMs[logout.attempts]
  const state = error === null ? 'done' : delay === undefined ? 'failed' : 'waiting'
  await store.endLogoutAttempt(ctx.db, logout, held.lease, {
    state,
    status,
    at,
    error: error === null ? '' : wordsToStore(error),
    nextAt: new Date(at.getTime() + (delay ?? 0)),
  })
}

async function send(
  ctx: Needs,
  held: ActiveTask,
  { corpId, uri }: store.Logout,
  form: string,
): Promise<{ status: number | null; error: Words | null }> {
  const asker = { slot: 'developers', of: `logouts ${corpId}` } as const
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'wisp-logout' }
  const call = { asker, timeoutMs, signal: held.signal, headers, body: Buffer.from(form), answerBytes: 512 }
  try {
    return await ctx.outbound.post(uri, call, ({ status, isInner }) => {
      if (status >= 200 && status < 300) return { status, error: null }
      if (isInner) throw new OutboundRefused({ zh: '应用没有接受', en: 'the application did not accept it' })
      return { status, error: { zh: `HTTP ${status}`, en: `HTTP ${status}` } }
    })
  } catch (error) {
    if (held.signal.aborted) throw error
    if (error instanceof OutboundRefused) return { status: null, error: error.words }
    ctx.log.info({ uri, error: String(error) }, 'application not told of a logout')
    const { message } = error as Error
    return { status: null, error: { zh: `请求失败：${message}`, en: `the request failed: ${message}` } }
  }
}
