const staff: readonly [RegExp, readonly string[]][] = [
  [
    /研发|开发|测试|算法|架构|运维|系统|网络|数据|信息/,
    ['软件工程师', '高级软件工程师', '测试工程师', '架构师', '运维工程师', '数据工程师', '实习生'],
  ],
  [/销售|大区|客户|热线|投诉/, ['客户经理', '销售代表', '高级客户经理', '售前顾问', '客服专员', '商务助理']],
  [/财务|会计|资金|税务|预算|费用|审计|内控/, ['会计', '出纳', '财务分析师', '税务专员', '审计专员']],
  [/人力|招聘|薪酬|培训|员工/, ['招聘专员', '薪酬专员', '培训师', 'HRBP', '人事助理']],
  [/产品|需求|体验/, ['产品经理', '高级产品经理', '交互设计师', '视觉设计师']],
  [
    /车间|生产|工艺|设备|仓|检验|质量/,
    ['操作工', '班组技术员', '工艺工程师', '质检员', '设备维护员', '库管员'],
  ],
  [/市场|品牌|推广|媒体|活动/, ['市场专员', '新媒体运营', '品牌策划', '设计师']],
  [/工程|土建|电气|造价|项目/, ['项目经理', '施工员', '造价工程师', '电气工程师', '安全员']],
]

const general = ['专员', '高级专员', '主管', '助理', '行政文员', '顾问']

/** A plausible job title for a member of that department. */
export function position(departmentName: string, leads: boolean, isRoot: boolean, dice: number): string {
  if (leads) {
    if (isRoot) return '董事长'
    if (/分公司|事业部/.test(departmentName)) return '总经理'
    if (/中心|办公室/.test(departmentName)) return '主任'
    if (/组$/.test(departmentName)) return '组长'
    if (/车间|班|仓$/.test(departmentName)) return '班长'
    return '部门经理'
  }
  if (dice % 25 === 0) return ''
  const pool = staff.find(([pattern]) => pattern.test(departmentName))?.[1] ?? general
  return pool[dice % pool.length]!
}
