import { describe, expect, it } from 'vitest'
import { subjectFirst } from '../web/ui/lists/subject-first.ts'
import { searchApps } from '../web/workbench/apps/app-search.ts'
import { type AppFilter, filterApps } from '../web/workbench/apps/groups.ts'

const app = (name: string, pinyin: string, category = '', description = '') => ({
  id: name,
  name,
  pinyin,
  category,
  description,
})
const apps = [
  app('考勤打卡', 'kao qin da ka', '人事', '上下班'),
  app('合同管理', 'he tong guan li', '办公'),
  app('OA 审批', 'oa  shen pi', '办公'),
  app('打卡统计', 'da ka tong ji', '人事'),
]
const found = (query: string) => searchApps(apps, query).map(one => one.name)

describe('the search for apps', () => {
  it.each([
    ['考勤', ['考勤打卡']],
    ['打卡', ['打卡统计', '考勤打卡']],
    ['kqdk', ['考勤打卡']],
    ['kaoqin', ['考勤打卡']],
    ['kao qin', ['考勤打卡']],
    ['kqdka', ['考勤打卡']],
    ['htgl', ['合同管理']],
    ['tong', ['合同管理', '打卡统计']],
    ['OA', ['OA 审批']],
    ['人事', ['考勤打卡', '打卡统计']],
    ['上下班', ['考勤打卡']],
    ['xyz', []],
    ['%', []],
    ['  ', ['考勤打卡', '合同管理', 'OA 审批', '打卡统计']],
  ])('%s finds %j', (query, names) => {
    expect(found(query)).toEqual(names)
  })

  it('stays quick on long letters', () => {
    const long = app('啊', Array.from({ length: 60 }, () => 'aa').join(' '))
    expect(searchApps([long], `${'a'.repeat(59)}b`)).toEqual([])
  })
})

describe('the filter of the grid', () => {
  const all = [app('考勤', '', '人事'), app('合同', '', '办公'), app('邮箱', ''), app('社保', '', '人事')]
  const arranged = { apps: all, favourites: ['邮箱', '删除的', '社保'], recent: ['合同'] }
  const shown = (filter: AppFilter) => filterApps(arranged, filter, '其他').map(one => one.name)

  it.each([
    ['all', ['邮箱', '社保', '考勤', '合同']],
    ['favourites', ['邮箱', '社保']],
    ['recent', ['合同']],
    [{ category: '人事' }, ['考勤', '社保']],
    [{ category: '其他' }, ['邮箱']],
    [{ category: '没有' }, []],
  ] as const)('%j shows %j', (filter, expected) => {
    expect(shown(filter)).toEqual(expected)
  })
})

it('titles a phone card by its subject, or else by the first column', () => {
  expect(subjectFirst([{ key: 'at' }, { key: 'who', isSubject: true }, { key: 'x' }])).toMatchObject([
    { key: 'who' },
    { key: 'at' },
    { key: 'x' },
  ])
  expect(subjectFirst([{ key: 'name' }, { key: 'x' }])).toMatchObject([{ key: 'name' }, { key: 'x' }])
})
