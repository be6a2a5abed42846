import { describe, expect, it } from 'vitest'
import { createPopupHost, type TrustedWindow } from '../web/workbench/popups/popup-host.ts'
import { type PopupRequest, readAsk, readPopup, sizeOf } from '../web/workbench/popups/popup-rules.ts'

const origin = 'https://app.example.com'

describe('a popup message', () => {
  it('is the documented one', () => {
    const data = { title: '测试弹窗', url: 'https://www.baidu.com', width: '100px', height: '100px' }
    expect(readPopup(data, origin)).toEqual({ ...data, url: 'https://www.baidu.com/' })
    expect(readPopup({ title: 'a', url: '/b?c=1#d' }, origin)?.url).toBe(`${origin}/b?c=1#d`)
  })

  it.each([
    [{ url: 'https://a.example/' }],
    [{ title: ' ', url: 'https://a.example/' }],
    [{ title: 'a' }],
    [{ title: 'a', url: '' }],
    [{ title: 'a', url: 5 }],
    [{ title: 'a', url: 'javascript:alert(1)' }],
    [{ title: 'a', url: ' JavaScript:alert(1)' }],
    [{ title: 'a', url: 'data:text/html,x' }],
    [{ title: 'a', url: 'https://user:word@a.example/' }],
    [{ title: 'a', url: 'blob:https://a.example/x' }],
    [{ wisp: 1, title: 'a', url: 'https://a.example/' }],
    ['text'],
    [[1]],
    [7],
    [undefined],
  ])('is not %j', data => {
    expect(readPopup(data, origin)).toBeUndefined()
  })

  it.each([
    ['100px', 100],
    [320, 320],
    ['320', 320],
    ['50%', 500],
    ['400%', 1000],
    ['99999px', 1000],
    ['1px', 50],
    ['abc', 700],
    ['-100px', 700],
    [-5, 700],
    [0, 700],
    [Number.NaN, 700],
    [Number.POSITIVE_INFINITY, 700],
    ['1e9', 700],
    ['calc(1px)', 700],
    [{}, 700],
    [undefined, 700],
  ])('of width %j becomes %d pixels', (wish, pixels) => {
    expect(sizeOf(wish, 1000, 700)).toBe(pixels)
  })

  it('never hangs over a small window', () => {
    expect(sizeOf(undefined, 320, 700)).toBe(320)
  })
})

describe('a request of the SDK', () => {
  it('is read with its limits', () => {
    const selected = [{ userId: 'a', userName: '甲' }, { userId: 1 }, null]
    const options = { title: '选择审批人', multiple: false, max: 5, selected }
    expect(readAsk({ wisp: 1, id: 'x', act: 'pickMembers', options })).toEqual({
      id: 'x',
      act: 'pickMembers',
      options: { title: '选择审批人', multiple: false, max: 1, selected: [{ id: 'a', name: '甲' }] },
    })
    expect(readAsk({ wisp: 1, id: 'x', act: 'rm' })).toBe(false)
    expect(readAsk({ wisp: 2, id: 'x', act: 'ticket' })).toBeUndefined()
    expect(readAsk({ title: 'a', url: 'https://a.example/' })).toBeUndefined()
    expect(readAsk(null)).toBeUndefined()
  })
})

function hostOf() {
  const said: unknown[] = []
  const windowOf = (name: string) => ({
    postMessage: (data: unknown, to: string) => said.push([name, data, to]),
  })
  const windows = { app: windowOf('app'), other: windowOf('other'), dialog: windowOf('dialog'), foreign: {} }
  const popups: PopupRequest[] = []
  const state = { closed: 0, asked: 0, dialog: undefined as TrustedWindow<string> | undefined }
  const frames = [
    { source: windows.app, app: 'app', origins: [origin] },
    { source: windows.other, app: 'other', origins: ['https://other.example'] },
  ]
  let next: (() => void) | undefined
  const hear = createPopupHost<string>({
    frames: () => frames,
    dialog: () => state.dialog,
    onPopup: (_app, popup) => popups.push(popup),
    onClose: () => state.closed++,
    onAsk(_app, _ask, answer) {
      state.asked++
      answer({ ok: true, value: 't' })
    },
    nextFrame(run) {
      next = run
    },
  })
  const frame = () => {
    const run = next
    next = undefined
    run?.()
  }
  return { windows, popups, state, said, frame, hear }
}

const popup = (title: string) => ({ title, url: '/x' })

describe('the popup host', () => {
  it('hears opened apps on their own origins, and nobody else', () => {
    const { hear, frame, windows, popups, state } = hostOf()
    const attempts = [
      [windows.app, 'https://evil.example'],
      [windows.other, origin],
      [windows.foreign, origin],
      [null, origin],
      [windows.app, 'null'],
    ] as const
    for (const [source, from] of attempts) {
      hear({ data: popup('no'), origin: from, source })
      frame()
      hear({ data: null, origin: from, source })
      frame()
    }
    expect([popups, state.closed]).toEqual([[], 0])
    hear({ data: popup('yes'), origin, source: windows.app })
    frame()
    expect(popups.map(one => one.title)).toEqual(['yes'])
  })

  it('lets the embedded page close, whatever its site, and nothing more', () => {
    const { hear, frame, windows, popups, state } = hostOf()
    state.dialog = { source: windows.dialog, app: 'app', origins: [origin] }
    hear({ data: popup('another'), origin: 'https://www.baidu.com', source: windows.dialog })
    frame()
    expect(popups).toEqual([])
    hear({ data: null, origin: 'https://www.baidu.com', source: windows.dialog })
    frame()
    expect(state.closed).toBe(1)
    hear({
      data: { wisp: 1, id: 'i', act: 'ticket' },
      origin: 'https://www.baidu.com',
      source: windows.dialog,
    })
    expect(state.asked).toBe(0)
    hear({ data: { wisp: 1, id: 'i', act: 'ticket' }, origin, source: windows.dialog })
    expect(state.asked).toBe(1)
  })

  it('acts on the last of many messages', () => {
    const { hear, frame, windows, popups, state } = hostOf()
    for (let n = 0; n < 1000; n++) hear({ data: popup(`n${n}`), origin, source: windows.app })
    frame()
    expect(popups.map(one => one.title)).toEqual(['n999'])
    hear({ data: popup('short'), origin, source: windows.app })
    hear({ data: null, origin, source: windows.app })
    frame()
    expect([popups.length, state.closed]).toEqual([1, 1])
  })

  it('answers the page that asked, on its origin, and not more than it can', () => {
    const { hear, frame, windows, said, state } = hostOf()
    hear({ data: { wisp: 1, id: 'i1', act: 'ticket' }, origin, source: windows.app })
    expect(said).toEqual([
      ['app', { wisp: 1, id: 'i1', heard: true }, origin],
      ['app', { wisp: 1, id: 'i1', ok: true, value: 't' }, origin],
    ])
    hear({ data: { wisp: 1, id: 'i2', act: 'format' }, origin, source: windows.app })
    expect(said.at(-1)).toEqual(['app', expect.objectContaining({ ok: false, code: 'badRequest' }), origin])
    for (let n = 0; n < 100; n++)
      hear({ data: { wisp: 1, id: `f${n}`, act: 'ticket' }, origin, source: windows.app })
    expect(state.asked).toBeLessThanOrEqual(20)
    frame()
    hear({ data: { wisp: 1, id: 'again', act: 'ticket' }, origin, source: windows.app })
    expect(said.at(-1)).toEqual(['app', expect.objectContaining({ id: 'again' }), origin])
  })
})
