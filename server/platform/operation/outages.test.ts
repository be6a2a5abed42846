import { expect, it } from 'vitest'
import { createLog } from './log.ts'
import { createOutages } from './outages.ts'

it('says once when something begins to fail and once when it works again', () => {
  let now = 1_000_000
  const lines: string[] = []
  const outages = createOutages(createLog('info', { write: (line: string) => lines.push(line) }), () => now)
  const wecom = { kind: 'upstream', name: 'wecom' } as const
  const said = () => lines.map(line => JSON.parse(line))

  outages.note(wecom, undefined)
  for (let n = 0; n < 20; n++) outages.note(wecom, 'http')
  outages.note({ kind: 'channel', name: 'sms', corpId: 'ww1' }, 'network')
  expect(said()).toMatchObject([
    { level: 'warn', msg: 'upstream begins to fail', name: 'wecom', why: 'http' },
    { level: 'warn', msg: 'channel begins to fail', name: 'sms', corpId: 'ww1' },
  ])

  now += 4000
  outages.note(wecom, undefined)
  outages.note(wecom, 'http')
  expect(said()).toHaveLength(2)
  expect(outages.failing()).toHaveLength(2)

  now += 5000
  outages.note(wecom, undefined)
  outages.note(wecom, undefined)
  expect(said()[2]).toMatchObject({ level: 'info', msg: 'upstream works again', failures: 21, seconds: 4 })
  expect(said()).toHaveLength(3)
  expect(outages.failing()).toEqual([{ kind: 'channel', name: 'sms', corpId: 'ww1' }])
})
