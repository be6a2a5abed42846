import { expect, it } from 'vitest'
import { text } from './compose.ts'

/** Lines of the blocks of a page that are to be typed in, without what explains them. */
const commandsOf = (page: string): string[] =>
  [...text(page).matchAll(/^```text\n([\s\S]*?)^```$/gm)]
    .flatMap(match => match[1]!.split('\n'))
    .map(line => line.replace(/(^| +)# .*$/, '').trim())
    .filter(line => line !== '' && !/[一-鿿─]/.test(line))

it.each([
  ...['install', 'upgrade', 'several-nodes', 'haproxy', 'pgbouncer', 'database-failover'],
  ...['two-data-centres', 'point-in-time-restore', 'backups', 'connect'],
])('the Chinese page run/%s has the commands of the English one, which npm run soak follows', page => {
  const english = commandsOf(`web/docs/content/en/run/${page}.md`)
  const chinese = commandsOf(`web/docs/content/zh/run/${page}.md`)
  expect(chinese.length).toBeGreaterThan(1)
  expect(chinese).toEqual(english)
})
