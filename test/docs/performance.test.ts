import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

it.each([
  ['zh', '.zh-CN'],
  ['en', ''],
])(
  'the page of performance (%s) tells figures as they were measured, with their dates',
  (language, suffix) => {
    const rowsOf = (path: string) => readFileSync(join(root, path), 'utf8').match(/^\| .+ \|$/gm) ?? []
    const figures = rowsOf(`docs/figures${suffix}.md`)
    const told = rowsOf(`web/docs/content/${language}/overview/performance.md`).flatMap(row => {
      const [, , measured = '', on = ''] = row.split(/ ?\| ?/)
      return /^\d{4}-\d\d-\d\d$/.test(on) ? [{ measured, on }] : []
    })
    expect(told.length).toBeGreaterThan(10)
    const untrue = told.filter(
      ({ measured, on }) => !figures.some(row => row.includes(measured) && row.includes(on)),
    )
    expect(untrue).toEqual([])
  },
)
