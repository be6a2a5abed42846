import { describe, expect, it } from 'vitest'
import { searchApps } from '../web/workbench/apps/app-search.ts'

const app = (name: string, pinyin: string, category = '', description = '') => ({
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
