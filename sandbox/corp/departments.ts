import { createRandom } from './random.ts'
import type { Department } from './records.ts'

const functions: Record<string, readonly string[]> = {
  总经理办公室: ['秘书组', '督查组', '接待组'],
  人力资源部: ['招聘组', '薪酬绩效组', '培训发展组', '员工关系组', '共享服务组'],
  财务部: ['会计核算组', '资金管理组', '税务组', '预算分析组', '费用审核组'],
  研发中心: [
    '前端开发部',
    '后端开发部',
    '移动开发部',
    '测试部',
    '算法部',
    '平台架构部',
    '运维保障部',
    '硬件研发部',
  ],
  产品部: ['产品设计组', '用户体验组', '数据产品组', '需求管理组'],
  市场部: ['品牌组', '渠道推广组', '新媒体组', '活动策划组', '市场调研组'],
  销售部: ['华北大区', '华东大区', '华南大区', '华中大区', '西南大区', '西北大区', '东北大区', '大客户组'],
  客户服务部: ['热线组', '投诉处理组', '客户成功组', '质检组'],
  信息技术部: ['应用系统组', '网络与安全组', '桌面支持组', '数据中心'],
  行政部: ['后勤保障组', '车辆管理组', '档案室', '物业组'],
  采购部: ['战略采购组', '招标组', '供应商管理组'],
  生产制造部: ['一车间', '二车间', '三车间', '装配车间', '设备科', '工艺科', '计划科'],
  质量管理部: ['体系组', '来料检验组', '过程检验组', '成品检验组'],
  仓储物流部: ['原料仓', '成品仓', '配送组', '关务组'],
  工程部: ['土建组', '电气组', '造价组', '现场项目组'],
  法务合规部: ['合同组', '知识产权组', '合规组'],
  审计部: ['内控组', '专项审计组'],
  安全环保部: ['安全监察组', '环保组', '应急值守组'],
  党群工作部: ['党建组', '工会', '团委'],
  战略发展部: ['投资组', '政策研究组'],
}

const english: Record<string, string> = {
  人力资源部: 'Human Resources',
  财务部: 'Finance',
  研发中心: 'R&D Center',
  产品部: 'Product',
  市场部: 'Marketing',
  销售部: 'Sales',
  信息技术部: 'IT',
  法务合规部: 'Legal & Compliance',
}

const cities =
  '北京 上海 广州 深圳 杭州 南京 成都 武汉 西安 重庆 天津 苏州 长沙 郑州 青岛 济南 沈阳 大连 厦门 福州 合肥 南昌 昆明 贵阳 南宁 海口 太原 石家庄 哈尔滨 长春 兰州 银川 西宁 乌鲁木齐 呼和浩特 拉萨 宁波 无锡 佛山 东莞 珠海 中山 惠州 温州 嘉兴 绍兴 金华 台州 泉州 烟台 潍坊 临沂 洛阳 宜昌 襄阳 岳阳 绵阳 遵义 桂林 柳州'.split(
    ' ',
  )

const functionNames = Object.keys(functions)
const numerals = '一二三四五六七八九十'

/** For example 一 for 1, 十二 for 12, 三十五 for 35; from 100 on the digits themselves. */
export function chineseNumber(n: number): string {
  if (n > 99) return String(n)
  const tens = Math.floor(n / 10)
  const ones = n % 10
  const head = tens === 0 ? '' : `${tens === 1 ? '' : numerals[tens - 1]}十`
  return head + (ones === 0 ? '' : numerals[ones - 1])
}

type Kind = 'corp' | 'branch' | 'function' | 'team' | 'squad'

interface Plan {
  kind: Kind
  name: string
}

/** The names for the children of a department of this kind. Numbered names follow when the list is used up. */
function childPlan(parent: Plan, index: number, wanted: number): Plan {
  if (parent.kind === 'corp' && wanted > functionNames.length) {
    const own = 10
    if (index < own) return { kind: 'function', name: functionNames[index]! }
    const city = cities[index - own]
    if (city) return { kind: 'branch', name: `${city}分公司` }
    return { kind: 'branch', name: `第${chineseNumber(index - own - cities.length + 1)}事业部` }
  }
  if (parent.kind === 'corp' || parent.kind === 'branch') {
    const name = functionNames[index]
    if (name) return { kind: 'function', name }
    return { kind: 'team', name: `第${chineseNumber(index - functionNames.length + 1)}项目部` }
  }
  const named = parent.kind === 'function' ? functions[parent.name]?.[index] : undefined
  if (named) return { kind: 'team', name: named }
  return { kind: 'squad', name: `${chineseNumber(index + 1)}${parent.kind === 'squad' ? '班' : '组'}` }
}

const width: Record<Kind, number> = {
  corp: 70,
  branch: 20,
  function: 8,
  team: 10,
  squad: Number.POSITIVE_INFINITY,
}

function childCount(kind: Kind, below: number): number {
  if (below === 0) return 0
  // A squad takes all departments that are left, so that any total is reached within WeCom's 15 levels.
  if (kind === 'squad') return below
  return Math.min(below, width[kind], Math.max(2, Math.round(Math.sqrt(below) * 1.4)))
}

/**
 * Generates `count` departments with the ids 1 to `count`; the root comes first and parents come before
 * children (docs/upstream/wecom-directory.md#departments).
 */
export function generateDepartments(count: number, seed: number, corpName: string): Department[] {
  const random = createRandom(seed ^ 0x5eed)
  const list: Department[] = [{ id: 1, name: corpName, name_en: '', parentid: 0, order: 100000000 }]
  const queue: { id: number; plan: Plan; below: number }[] = [
    { id: 1, plan: { kind: 'corp', name: corpName }, below: count - 1 },
  ]
  for (let head = 0; head < queue.length; head++) {
    const { id, plan, below } = queue[head]!
    const size = childCount(plan.kind, below)
    const shares = shareOut(below - size, size, random)
    for (let index = 0; index < size; index++) {
      const child = childPlan(plan, index, size)
      const childId = list.length + 1
      const order = 100000000 - (plan.kind === 'team' ? Math.floor(random() * size) : index) * 500
      list.push({ id: childId, name: child.name, name_en: english[child.name] ?? '', parentid: id, order })
      queue.push({ id: childId, plan: child, below: shares[index]! })
    }
  }
  return list
}

function shareOut(total: number, parts: number, random: () => number): number[] {
  const weights = Array.from({ length: parts }, () => 0.25 + random())
  const sum = weights.reduce((a, b) => a + b, 0)
  const shares = weights.map(weight => Math.floor((total * weight) / sum))
  let left = total - shares.reduce((a, b) => a + b, 0)
  for (let index = 0; left > 0; index = (index + 1) % parts, left--) shares[index]!++
  // A department with a single child looks unreal, so single departments are moved below the first sibling.
  const singles = shares.filter(share => share === 1).length
  const first = shares.indexOf(1)
  return shares.map((share, index) => (share !== 1 ? share : index === first ? singles : 0))
}
