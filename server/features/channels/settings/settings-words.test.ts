import { expect, it } from 'vitest'
import { fields } from '../../../platform/audit/fields.ts'
import { channelList } from '../channels.ts'

it('has words in the audit log for every setting of every channel', () => {
  const settings = channelList.flatMap(([name, channel]) =>
    Object.keys(channel.settings.fields).map(field => `${name}.${field}`),
  )
  expect(settings.filter(name => !Object.hasOwn(fields, name))).toEqual([])
})
