import { actor } from '../../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { said } from '../../../platform/command/language.ts'
import { choice, integer, optionalSwitch, secret, text } from '../../../platform/command/parts.ts'
import { facts, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { type PlaceNeeds, planForm, setPlan, tryPlan } from '../plan/plan.ts'
import { type Plan, readPlan } from '../plan/plan-store.ts'
import { addressings } from './parts.ts'

type Needs = Core & PlaceNeeds

const settings = {
  enabled: optionalSwitch('--enabled [on|off]', { zh: '启用或停用', en: 'switch the plan on or off' }),
  cron: text('--cron <line>', {
    zh: '时间，五段: 分 时 日 月 周，北京时间，例如 "30 3 * * *"',
    en: 'time in five fields: minute, hour, day, month, weekday, in Beijing time, such as "30 3 * * *"',
  }),
  place: choice(
    '--to <place>',
    { zh: '备份到 WISP_BACKUP_DIR 的目录，或 S3', en: 'back up to the folder WISP_BACKUP_DIR, or to S3' },
    ['folder', 's3'],
  ),
  keepDaily: integer(
    '--daily <n>',
    { zh: '留最近几天的，每天一个', en: 'keep one for each of the last days' },
    { min: 1, max: 90 },
  ),
  keepWeekly: integer(
    '--weekly <n>',
    { zh: '留最近几周的，每周一个', en: 'keep one for each of the last weeks' },
    { min: 0, max: 104 },
  ),
  keepMonthly: integer(
    '--monthly <n>',
    { zh: '留最近几个月的，每月一个', en: 'keep one for each of the last months' },
    { min: 0, max: 120 },
  ),
  testDays: integer(
    '--test-days <n>',
    { zh: '每几天做一次恢复演练，0 为不做', en: 'days between restore tests, 0 for none' },
    { min: 0, max: 90 },
  ),
  alertDays: integer(
    '--alert-days <n>',
    { zh: '几天没有成功的备份就提醒', en: 'days without a successful backup that raise an alert' },
    { min: 1, max: 90 },
  ),
  endpoint: text('--endpoint <url>', {
    zh: 'S3 的地址，例如 https://s3.oss-cn-hangzhou.aliyuncs.com',
    en: 'address of S3, such as https://s3.oss-cn-hangzhou.aliyuncs.com',
  }),
  region: text('--region <code>', { zh: '地域，例如 cn-hangzhou', en: 'region, such as cn-hangzhou' }),
  bucket: text('--bucket <name>', { zh: '存储桶，须已存在', en: 'bucket, which must exist' }),
  prefix: text('--prefix <path>', { zh: '桶里的路径，例如 wisp/', en: 'path in the bucket, such as wisp/' }),
  addressing: choice(
    '--addressing <kind>',
    {
      zh: '存储桶在域名里、路径里，还是地址就是它的域名',
      en: 'whether the bucket is in the host name or in the path, or the address is its own domain',
    },
    addressings,
  ),
  throughProxy: optionalSwitch('--through-proxy [on|off]', {
    zh: '经 WISP_OUTBOUND_PROXY 的代理访问 S3',
    en: 'reach S3 through the proxy of WISP_OUTBOUND_PROXY',
  }),
  accessKey: text('--access-key <id>', { zh: 'Access Key', en: 'access key' }),
  secretKey: secret('--secret-key <key>', {
    zh: 'Secret Key，封存在数据库里',
    en: 'secret key, sealed in the database',
  }),
}

const placeWords = { folder: { zh: '目录', en: 'folder' }, s3: { zh: 'S3', en: 'S3' } }
const addressingWords = {
  'virtual-host': { zh: '在域名里', en: 'in the host name' },
  path: { zh: '在路径里', en: 'in the path' },
  'own-domain': { zh: '地址就是它的域名', en: 'the address is its own domain' },
}

function shownOf(ctx: Core, plan: Plan) {
  const { secretKey: _secret, ...data } = {
    ...planForm(plan),
    nextAt: plan.nextAt,
    folder: ctx.config.backupDir,
  }
  const s3: [string, string | number][] = [
    [said({ zh: '地址', en: 'Address' }), plan.endpoint],
    [said({ zh: '地域', en: 'Region' }), plan.region],
    [
      said({ zh: '存储桶', en: 'Bucket' }),
      said({
        zh: `${plan.bucket}，${addressingWords[plan.addressing].zh}`,
        en: `${plan.bucket}, ${addressingWords[plan.addressing].en}`,
      }),
    ],
    [said({ zh: '前缀', en: 'Prefix' }), plan.prefix || said({ zh: '（无）', en: '(none)' })],
    ['Access Key', plan.accessKey],
    ...(plan.throughProxy
      ? [[said({ zh: '经代理', en: 'Through the proxy' }), said({ zh: '是', en: 'yes' })] as [string, string]]
      : []),
  ]
  const off = plan.offByRestore
    ? said({ zh: '否（恢复后停用）', en: 'no (switched off by a restore)' })
    : said({ zh: '否', en: 'no' })
  return {
    data,
    text: facts([
      [{ zh: '启用', en: 'enabled' }, plan.enabled ? { zh: '是', en: 'yes' } : off],
      [{ zh: '时间', en: 'Time' }, plan.cron],
      [{ zh: '下一次', en: 'Next' }, when(plan.nextAt)],
      [{ zh: '备份到', en: 'Back up to' }, placeWords[plan.place]],
      ...(plan.place === 's3'
        ? s3
        : [
            [
              said({ zh: '目录', en: 'folder' }),
              ctx.config.backupDir ||
                said({ zh: '（这里没有设置 WISP_BACKUP_DIR）', en: '(WISP_BACKUP_DIR is not set here)' }),
            ] as [string, string],
          ]),
      [
        { zh: '保留', en: 'Keep' },
        {
          zh: `${plan.keepDaily} 天、${plan.keepWeekly} 周、${plan.keepMonthly} 月`,
          en: `${plan.keepDaily} days, ${plan.keepWeekly} weeks, ${plan.keepMonthly} months`,
        },
      ],
      [
        { zh: '恢复演练', en: 'Restore test' },
        plan.testDays === 0
          ? { zh: '不做', en: 'none' }
          : { zh: `每 ${plan.testDays} 天`, en: `every ${plan.testDays} days` },
      ],
      [
        { zh: '提醒', en: 'Alert' },
        {
          zh: `${plan.alertDays} 天没有成功的备份`,
          en: `${plan.alertDays} days without a successful backup`,
        },
      ],
    ]),
  }
}

const show = command({
  path: 'backup plan show',
  point: 'backup:read',
  summary: {
    zh: '显示备份计划：何时、到哪里、留多少',
    en: 'Show the plan of backups: when, where to, how many are kept',
  },
  parts: {},
  async run(ctx: Core) {
    const plan = await readPlan(ctx.db)
    return plan
      ? shownOf(ctx, plan)
      : { data: null, text: said({ zh: '还没有备份计划', en: 'there is no plan of backups yet' }) }
  },
})

const set = command({
  path: 'backup plan set',
  point: 'backup:edit',
  summary: { zh: '修改备份计划；没有写出的不变', en: 'Change the plan of backups; what is not given stays' },
  details: {
    zh: '先用 backup plan test 试一试同样的设置。第一次设置时加 --enabled on 启用。',
    en: 'Try the same settings with backup plan test first. Add --enabled on the first time to switch the plan on.',
  },
  parts: settings,
  async run(ctx: Core, given) {
    const change = givenOnly(given)
    if (Object.keys(change).length === 0)
      throw new UsageError({ zh: '没有要修改的设置', en: 'no setting to change was given' })
    const { data, text } = shownOf(ctx, await setPlan(ctx, actor, change))
    return { data, text: said({ zh: `已保存\n${text}`, en: `saved\n${text}` }) }
  },
})

const test = command({
  path: 'backup plan test',
  point: 'backup:edit',
  summary: {
    zh: '在备份要去的位置写、列、读、删一个小文件，看权限够不够；不保存设置',
    en: 'Write, list, read and delete a small file where backups go, to see whether the rights suffice; no setting is stored',
  },
  details: { zh: '没有写出的取自现在的计划。', en: 'What is not given is taken from the present plan.' },
  parts: settings,
  async run(ctx: Needs, given) {
    const { address } = await tryPlan(ctx, givenOnly(given), { isOperator: true })
    return {
      data: { address },
      text: said({
        zh: `${address} 可用：能写、能列、能读、能删`,
        en: `${address} works: files can be written, listed, read and deleted`,
      }),
    }
  },
})

export const planCommands = [show, set, test]
