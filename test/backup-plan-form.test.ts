import { describe, expect, it } from 'vitest'
import { destinationOf, endpointAfter, presetOf } from '../web/console/system/backups/destination.ts'
import { cronOf, scheduleOf, usualSchedule } from '../web/console/system/backups/schedule.ts'

describe('when backups are made', () => {
  it.each([
    ['30 3 * * *', { every: 'day', time: '03:30' }],
    ['0 22 * * 1,3', { every: 'week', time: '22:00', days: [1, 3] }],
    ['5 0 * * 0', { every: 'week', time: '00:05', days: [7] }],
    ['15 4 1 * *', { every: 'month', time: '04:15', day: 1 }],
  ] as const)('%s is chosen, and written as it was', (cron, chosen) => {
    expect(scheduleOf(cron)).toEqual({ ...usualSchedule, ...chosen })
    expect(cronOf({ ...usualSchedule, ...chosen })).toBe(cron)
  })

  it.each([
    ['0 3 * * 1-5', '0 3 * * 1,2,3,4,5'],
    ['0  3 * * 0,7', '0 3 * * 0'],
    ['0 3 * * 1-7', '0 3 * * *'],
  ])('%s is another way to write %s', (cron, same) => {
    expect(cronOf(scheduleOf(cron)!)).toBe(same)
  })

  it.each([
    '*/5 * * * *',
    '0 1,13 * * *',
    '0 3 1 1 *',
    '0 3 1 * 1',
    '90 3 * * *',
    '0 3 * * 5-1',
    '0 3 * *',
    '',
  ])('%s says more than can be chosen', cron => {
    expect(scheduleOf(cron)).toBeUndefined()
  })
})

describe('where backups go', () => {
  it.each([
    ['oss', 'https://s3.oss-cn-hangzhou.aliyuncs.com', 'virtual-host'],
    ['cos', 'https://cos.ap-guangzhou.myqcloud.com', 'virtual-host'],
    ['minio', '', 'path'],
    ['folder', undefined, undefined],
  ] as const)(
    '%s presets the address and how its bucket is addressed',
    (destination, endpoint, addressing) => {
      const preset = presetOf(destination)
      expect([preset.endpoint, preset.addressing]).toEqual([endpoint, addressing])
      const stored = { endpoint: '', region: '', addressing: 'virtual-host', place: 's3', ...preset } as const
      expect(destinationOf(stored)).toBe(destination)
    },
  )

  it('an address follows the region until somebody types another', () => {
    const { region = '', endpoint = '' } = presetOf('oss')
    expect(endpointAfter('oss', { region, endpoint }, 'cn-beijing')).toBe(
      'https://s3.oss-cn-beijing.aliyuncs.com',
    )
    const inner = 'https://s3.oss-cn-hangzhou-internal.aliyuncs.com'
    expect(endpointAfter('oss', { region, endpoint: inner }, 'cn-beijing')).toBe(inner)
  })

  it('knows an address of another vendor', () => {
    const amazon = { place: 's3', endpoint: 'https://s3.amazonaws.com', region: 'us-east-1' } as const
    expect(destinationOf({ ...amazon, addressing: 'virtual-host' })).toBe('s3')
  })
})
