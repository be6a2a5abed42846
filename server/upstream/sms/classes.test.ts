import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type CodedVendor, type SmsClass, verdictOf } from './classes.ts'

const page = readFileSync(new URL('../../../docs/upstream/sms.md', import.meta.url), 'utf8')
const classes: Record<string, SmsClass> = {
  'not sent': 'notSent',
  unclear: 'unclear',
  person: 'person',
  'too often': 'often',
}
const vendors: CodedVendor[] = ['aliyun', 'tencent', 'huawei']

/** The table of docs/upstream/sms.md#failover. */
const rows = page
  .split('## Failover\n')[1]!
  .split('\n## ')[0]!
  .split('\n')
  .filter(line => line.startsWith('|'))
  .slice(2)
  .map(line => line.split('|').map(cell => cell.trim()))

it.each(rows.map(([, word, ...cells]) => [word!, cells] as const))(
  'has the codes that are %s',
  (word, cells) => {
    const given = vendors.flatMap((vendor, at) =>
      (cells[at] ?? '')
        .split(', ')
        .filter(Boolean)
        .map(code => [vendor, code.replace('*', 'Something')] as const),
    )
    expect(given.length).toBeGreaterThan(0)
    const found = given.map(([vendor, code]) => [vendor, code, verdictOf(vendor, code).class])
    expect(found).toEqual(given.map(([vendor, code]) => [vendor, code, classes[word]]))
  },
)

it('takes what it does not know for something that may have been sent', () => {
  for (const vendor of vendors)
    for (const code of ['', 'Wonderful', '500', 'isp.NEW'])
      expect(verdictOf(vendor, code).class).toBe('unclear')
})
