import { actor } from '../../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { choice, integer, optionalSwitch, secret, text } from '../../../platform/command/parts.ts'
import { facts, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { type PlaceNeeds, planForm, setPlan, tryPlan } from '../plan/plan.ts'
import { type Plan, readPlan } from '../plan/plan-store.ts'
import { addressings } from './parts.ts'

type Needs = Core & PlaceNeeds

const settings = {
  enabled: optionalSwitch('--enabled [on|off]', '启用或停用'),
  cron: text('--cron <line>', '时间，五段: 分 时 日 月 周，北京时间，例如 "30 3 * * *"'),
  place: choice('--to <place>', '备份到 WISP_BACKUP_DIR 的目录，或 S3', ['folder', 's3']),
  keepDaily: integer('--daily <n>', '留最近几天的，每天一个', { min: 1, max: 90 }),
  keepWeekly: integer('--weekly <n>', '留最近几周的，每周一个', { min: 0, max: 104 }),
  keepMonthly: integer('--monthly <n>', '留最近几个月的，每月一个', { min: 0, max: 120 }),
  testDays: integer('--test-days <n>', '每几天做一次恢复演练，0 为不做', { min: 0, max: 90 }),
  alertDays: integer('--alert-days <n>', '几天没有成功的备份就提醒', { min: 1, max: 90 }),
  endpoint: text('--endpoint <url>', 'S3 的地址，例如 https://s3.oss-cn-hangzhou.aliyuncs.com'),
  region: text('--region <code>', '地域，例如 cn-hangzhou'),
  bucket: text('--bucket <name>', '存储桶，须已存在'),
  prefix: text('--prefix <path>', '桶里的路径，例如 wisp/'),
  addressing: choice('--addressing <kind>', '存储桶在域名里、路径里，还是地址就是它的域名', addressings),
  throughProxy: optionalSwitch('--through-proxy [on|off]', '经 WISP_OUTBOUND_PROXY 的代理访问 S3'),
  accessKey: text('--access-key <id>', 'Access Key'),
  secretKey: secret('--secret-key <key>', 'Secret Key，封存在数据库里'),
}

const placeWords = { folder: '目录', s3: 'S3' }
const addressingWords = { 'virtual-host': '在域名里', path: '在路径里', 'own-domain': '地址就是它的域名' }

function shownOf(ctx: Core, plan: Plan) {
  const { secretKey: _secret, ...data } = {
    ...planForm(plan),
    nextAt: plan.nextAt,
    folder: ctx.config.backupDir,
  }
  const s3: [string, string | number][] = [
    ['地址', plan.endpoint],
    ['地域', plan.region],
    ['存储桶', `${plan.bucket}，${addressingWords[plan.addressing]}`],
    ['前缀', plan.prefix || '（无）'],
    ['Access Key', plan.accessKey],
    ...(plan.throughProxy ? [['经代理', '是'] as [string, string]] : []),
  ]
  const off = plan.offByRestore ? '否（恢复后停用）' : '否'
  return {
    data,
    text: facts([
      ['启用', plan.enabled ? '是' : off],
      ['时间', plan.cron],
      ['下一次', when(plan.nextAt)],
      ['备份到', placeWords[plan.place]],
      ...(plan.place === 's3'
        ? s3
        : [['目录', ctx.config.backupDir || '（这里没有设置 WISP_BACKUP_DIR）'] as [string, string]]),
      ['保留', `${plan.keepDaily} 天、${plan.keepWeekly} 周、${plan.keepMonthly} 月`],
      ['恢复演练', plan.testDays === 0 ? '不做' : `每 ${plan.testDays} 天`],
      ['提醒', `${plan.alertDays} 天没有成功的备份`],
    ]),
  }
}

const show = command({
  path: 'backup plan show',
  point: 'backup:read',
  summary: '显示备份计划：何时、到哪里、留多少',
  parts: {},
  async run(ctx: Core) {
    const plan = await readPlan(ctx.db)
    return plan ? shownOf(ctx, plan) : { data: null, text: '还没有备份计划' }
  },
})

const set = command({
  path: 'backup plan set',
  point: 'backup:edit',
  summary: '修改备份计划；没有写出的不变',
  details: '先用 backup plan test 试一试同样的设置。第一次设置时加 --enabled on 启用。',
  parts: settings,
  async run(ctx: Core, given) {
    const change = givenOnly(given)
    if (Object.keys(change).length === 0) throw new UsageError('没有要修改的设置')
    const { data, text } = shownOf(ctx, await setPlan(ctx, actor, change))
    return { data, text: `已保存\n${text}` }
  },
})

const test = command({
  path: 'backup plan test',
  point: 'backup:edit',
  summary: '在备份要去的位置写、列、读、删一个小文件，看权限够不够；不保存设置',
  details: '没有写出的取自现在的计划。',
  parts: settings,
  async run(ctx: Needs, given) {
    const { address } = await tryPlan(ctx, givenOnly(given), { isOperator: true })
    return { data: { address }, text: `${address} 可用：能写、能列、能读、能删` }
  },
})

export const planCommands = [show, set, test]
