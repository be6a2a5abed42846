import type { Words } from '../../platform/words.ts'
import { type Check, met, not, outside, partly } from './check.ts'
import type { TreeState } from './governance.ts'
import type { AssessedState } from './state.ts'

/** 网络安全法 第二十一条: logs are kept for six months at least (docs/upstream/gb-t-22239.md#usual-values). */
const logDays = 183

const owners = {
  corp: { zh: '本企业', en: 'the corp' },
  installation: { zh: '平台', en: 'the installation' },
} as const satisfies Record<keyof AssessedState['trees'], Words>

/** Whose tree it is that something is wrong with, the corp's first. */
function wrongTree(
  { corp, installation }: AssessedState['trees'],
  isWrong: (one: TreeState) => boolean,
): Words | undefined {
  if (isWrong(corp)) return owners.corp
  return isWrong(installation) ? owners.installation : undefined
}

/** 8.1.4.3 and 8.1.4.4: what is recorded, and who gets in. */
export const recordChecks: readonly Check[] = [
  {
    clause: '8.1.4.3 a',
    asks: {
      zh: '启用安全审计，覆盖每个用户的重要行为',
      en: 'Acts of every user that matter are recorded',
    },
    place: 'audit',
    find: ({ dataReadDays }) =>
      dataReadDays > 0
        ? met(
            '管理操作、登录与拒绝、接口读取的个人信息都有记录，不能关闭。',
            'Acts of administrators, sign-ins and refusals are recorded and cannot be switched off, and so is personal data that the API gives.',
          )
        : partly(
            '管理操作、登录与拒绝都有记录；接口日志与数据读取已关闭，请设置保留天数。',
            'Acts of administrators, sign-ins and refusals are recorded; the request log and data reads are off: set how many days they are kept.',
          ),
  },
  {
    clause: '8.1.4.3 b',
    asks: {
      zh: '记录日期、用户、事件类型、是否成功',
      en: 'Records have date, user, kind and outcome',
    },
    place: 'audit',
    find: () =>
      met(
        '每条记录有时间、操作人、地址、操作、对象与改动；失败的登录另有原因。',
        'Each record has time, actor, address, act, target and changes; failed sign-ins have their reason.',
      ),
  },
  {
    clause: '8.1.4.3 c',
    asks: {
      zh: '保护审计记录，定期备份，避免删改',
      en: 'Records are protected, backed up, and not changed or deleted',
    },
    place: 'integrity',
    find({ auditDays, signInLogDays, backup: { plan, isOverdue }, trees }) {
      const kept = {
        zh: `页面和接口不能修改或删除记录；审计保留 ${auditDays} 天，登录记录 ${signInLogDays} 天。`,
        en: `No page or call changes or deletes a record; acts are kept for ${auditDays} days, sign-ins for ${signInLogDays}.`,
      }
      const broken = wrongTree(trees, ({ found = 0 }) => found > 0)
      if (broken)
        return not(
          `${broken.zh}的审计最近一次验证发现问题，请查看。`,
          `The last verification of the audit log of ${broken.en} found something wrong: look at it.`,
        )
      if (Math.min(auditDays, signInLogDays) < logDays)
        return partly(
          `${kept.zh}登录记录不足 6 个月，请定期导出。`,
          `${kept.en} That is less than six months: export sign-ins from time to time.`,
        )
      if (!plan?.enabled || isOverdue)
        return partly(`${kept.zh}没有按计划的备份。`, `${kept.en} There is no backup by a plan.`)
      const unsent = wrongTree(trees, ({ isSent }) => !isSent)
      if (unsent)
        return partly(
          `${kept.zh}备份按计划进行。${unsent.zh}的审计没有设置检查点发到哪里，因此未证明：数据库管理员可以改写全部记录而不被发现。`,
          `${kept.en} Backups go by the plan. Checkpoints of the audit log of ${unsent.en} are sent nowhere, so that it is not proved: administrators of the database could rewrite all of it unseen.`,
        )
      const unproved = wrongTree(trees, ({ isProved }) => !isProved)
      if (unproved)
        return partly(
          `${kept.zh}备份按计划进行。${unproved.zh}的审计未证明：检查点最近没有发到本机之外。`,
          `${kept.en} Backups go by the plan. The audit log of ${unproved.en} is not proved: no checkpoint has lately left this machine.`,
        )
      const unverified = wrongTree(trees, ({ found }) => found === undefined)
      if (unverified)
        return partly(
          `${kept.zh}备份按计划进行，检查点发到本机之外。${unverified.zh}的审计还没有完成验证，请验证一次。`,
          `${kept.en} Backups go by the plan, checkpoints leave this machine. The audit log of ${unverified.en} has no verification that has ended: do one.`,
        )
      return met(
        `${kept.zh}备份按计划进行，检查点发到本机之外，最近一次验证没有发现问题。数据库管理员仍能改动记录，但验证会发现。`,
        `${kept.en} Backups go by the plan, checkpoints leave this machine, and the last verification found nothing wrong. Administrators of the database can still change rows, and a verification finds it.`,
      )
    },
  },
  {
    clause: '8.1.4.3 d',
    asks: { zh: '保护审计进程不被中断', en: 'Recording cannot be interrupted' },
    find: () =>
      met(
        '操作与记录在同一事务：记录失败时操作也不生效。',
        'An act and its record are one transaction: without the record there is no act.',
      ),
  },
  {
    clause: '8.1.4.4 c',
    asks: {
      zh: '限制管理终端的接入地址',
      en: 'Administration is limited to certain addresses',
    },
    place: 'protection',
    find({ corp, installation }) {
      const set = [corp, installation].filter(one => one.consoleNetworks.length > 0).length
      if (set === 2)
        return met(
          '控制台只能从设定的网段使用，管理令牌只能从其登记的地址使用。',
          'The console is used from the networks that are set, admin tokens from their own addresses.',
        )
      const missing = installation.consoleNetworks.length > 0 ? '本企业' : '系统超级管理员'
      return set === 0
        ? not('没有限制控制台的网段。', 'The console may be used from anywhere.')
        : partly(
            `${missing}没有限制控制台的网段。`,
            'Networks are set for either the corp or the system super administrator, and not for both.',
          )
    },
  },
  {
    clause: '8.1.4.4 d',
    asks: { zh: '检验输入数据的有效性', en: 'Inputs are checked' },
    find: () =>
      met(
        '接口、页面与文件的输入都按声明检查类型、长度与字符，多余的输入被拒绝或指出。',
        'Inputs of calls, pages and files are checked by their declarations: kind, length and characters; unknown ones are refused or named.',
      ),
  },
  {
    clause: '8.1.4.4 a b e f',
    asks: {
      zh: '最小安装、关闭端口、修补漏洞、检测入侵',
      en: 'Minimal systems, closed ports, patches, detection of intrusions',
    },
    place: 'about',
    find: () =>
      outside(
        '平台只监听一个端口，没有默认服务；服务器的系统、端口、补丁与入侵检测由单位负责，请及时升级平台。',
        'wisp listens on one port. System, ports, patches and detection on the server are up to the organisation; upgrade wisp in time.',
      ),
  },
  {
    clause: '8.1.4.5 / 8.1.4.6',
    asks: { zh: '恶意代码防范、可信验证', en: 'Malware, trusted boot' },
    find: () =>
      outside('由服务器的安全软件与硬件实现。', 'Security software and hardware of the server do this.'),
  },
]
