import { describe, expect, it } from 'vitest'
import { createWisp, getTicket, type Surroundings, type WispError } from '../sdk/browser.js'

type Listener = (event: { data: unknown; source: unknown; origin: string }) => void
type FrameRequest = { wisp: number; id: string; act: string; options: unknown }

function pageIn(options: { href?: string; framed?: boolean; portal?: string } = {}) {
  const posted: { data: unknown; to: string }[] = []
  const opened: string[] = []
  let listener: Listener = () => undefined
  const parent = { postMessage: (data: unknown, to: string) => void posted.push({ data, to }) }
  const self: Surroundings['self'] = {
    location: { href: options.href ?? 'https://app.example.com/a/b?jessionId=ticket1&x=1' },
    parent,
    open: url => void opened.push(url),
    addEventListener: (_type, given) => {
      listener = given as unknown as Listener
    },
  }
  const wisp = createWisp({
    self,
    parent: options.framed === false ? (self as unknown as Surroundings['parent']) : parent,
    answerWithinMs: 30,
    ...(options.portal ? { portal: options.portal } : {}),
  })
  const asked = () => posted.at(-1)?.data as FrameRequest
  const say = (answer: object, source: unknown = parent, origin = 'https://wisp.example.com') =>
    listener({ data: { wisp: 1, id: asked().id, ...answer }, source, origin })
  return { wisp, posted, opened, asked, say }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: WispError) => error.code,
  )

describe('the SDK in a page', () => {
  it('posts the documented messages', () => {
    const { wisp, posted } = pageIn()
    wisp.openPopup({ title: '详情', url: '../c', width: '60%' })
    wisp.closePopup()
    const data = { title: '详情', url: 'https://app.example.com/c', width: '60%', height: undefined }
    expect(posted).toEqual([
      { data, to: '*' },
      { data: null, to: '*' },
    ])
    expect(() => wisp.openPopup({ title: '', url: '/' })).toThrow('title')
    expect(() => wisp.openPopup({ title: 'a', url: 'javascript:alert(1)' })).toThrow('http')
  })

  it('knows the ticket of its address, and asks for a fresh one', async () => {
    const { wisp, asked, say, posted } = pageIn()
    expect(await wisp.getTicket()).toBe('ticket1')
    expect(posted).toEqual([])
    const fresh = wisp.getTicket({ fresh: true })
    expect(asked()).toMatchObject({ wisp: 1, act: 'ticket' })
    say({ ok: true, value: 'ticket2' })
    expect(await fresh).toBe('ticket2')
  })

  it('believes the portal alone', async () => {
    const { wisp, say } = pageIn({ portal: 'https://wisp.example.com' })
    const picked = wisp.pickMembers({ max: 2 })
    say({ ok: true, value: ['forged'] }, {})
    say({ ok: true, value: ['forged'] }, undefined, 'https://evil.example')
    say({ ok: true, value: ['forged'], id: 'another' })
    say({ ok: true, value: [{ userId: 'a', userName: '甲' }] })
    expect(await picked).toEqual([{ userId: 'a', userName: '甲' }])
  })

  it('waits for a person once the portal has heard, and else gives up', async () => {
    const { wisp, asked, say } = pageIn()
    const picked = wisp.pickDepartments()
    say({ heard: true })
    const { id } = asked()
    // What is asked later and not heard gives up when the first would long have done so.
    expect(await codeOf(wisp.pickDepartments())).toBe('noPortal')
    say({ id, ok: true, value: undefined })
    expect(await picked).toBeUndefined()
    const refused = codeOf(wisp.pickMembers())
    say({ ok: false, code: 'busy', message: '' })
    expect(await refused).toBe('busy')
  })

  it('stands alone where there is no portal', async () => {
    const { wisp, opened, posted } = pageIn({ framed: false, href: 'https://app.example.com/' })
    wisp.openPopup({ title: 'a', url: '/b' })
    wisp.closePopup()
    expect([opened, posted]).toEqual([['https://app.example.com/b'], []])
    expect(await codeOf(wisp.getTicket())).toBe('noPortal')
    expect(await codeOf(getTicket())).toBe('noPortal')
  })
})
