import { expect, it } from 'vitest'
import { readPages } from './pages.ts'

const digits = { zh: '零一二三四五六七八九十', en: 'zero one two three four five six seven eight nine ten' }

it.each(['zh', 'en'] as const)(
  'tells how many steps it takes to connect a corp, as many as it has (%s)',
  language => {
    const page = readPages(language).find(one => one.name === 'run/connect')!
    const steps = [...page.markdown.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number))
    expect(steps).toEqual(steps.map((_, index) => index + 1))
    const [, told = ''] = /(?:做(.)步|in (\w+) steps)/.exec(page.markdown)?.filter(Boolean) ?? []
    const names = language === 'zh' ? [...digits.zh] : digits.en.split(' ')
    expect(names.indexOf(told)).toBe(steps.length)
  },
)
