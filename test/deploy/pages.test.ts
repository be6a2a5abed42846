import { expect, it } from 'vitest'
import { text } from './compose.ts'

/** Lines of the blocks of a page that are to be typed in, without what explains them. */
const commandsOf = (page: string): string[] =>
  [...text(page).matchAll(/^ *```(?:sh)?\n([\s\S]*?)^ *```$/gm)]
    .flatMap(match => match[1]!.split('\n'))
    .map(line => line.replace(/(^| +)# .*$/, '').trim())
    .filter(line => line !== '' && !/[一-鿿─]/.test(line))

it.each(['production', 'two-data-centres', 'point-in-time-restore'])(
  'the Chinese page docs/%s has the commands of the English one, which npm run soak follows',
  page => {
    const english = commandsOf(`docs/${page}.md`)
    const chinese = commandsOf(`docs/${page}.zh-CN.md`)
    expect(chinese.length).toBeGreaterThan(3)
    expect(chinese.filter(line => !english.includes(line))).toEqual([])
  },
)
