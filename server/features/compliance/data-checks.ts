import { type Check, met, not, outside, partly } from './check.ts'

/** 8.1.4.7 to 8.1.4.11: data at rest, on the way, in backups. */
export const dataChecks: readonly Check[] = [
  {
    clause: '8.1.4.7 a / 8.1.4.8 a',
    asks: {
      zh: '传输过程的完整性与保密性',
      en: 'Integrity and secrecy of data on its way',
    },
    place: 'corp',
    find: ({ isHttps }) =>
      isHttps
        ? met(
            '浏览器与接口用 https；上游都用 https；设备可用加密报文。平台到数据库的加密由连接参数决定。',
            'Browsers, the API and vendors use https; devices can send encrypted packets. Encryption on the way to the database follows from its address.',
          )
        : not('访问地址不是 https。', 'The address is not https.'),
  },
  {
    clause: '8.1.4.7 b / 8.1.4.8 b',
    asks: {
      zh: '存储过程的完整性与保密性',
      en: 'Integrity and secrecy of stored data',
    },
    place: 'about',
    find: () =>
      partly(
        '密钥、密码、令牌加密或散列后保存，备份文件加密并签名。通讯录与消息在数据库中没有加密，请使用磁盘或数据库加密。',
        'Secrets, passwords and tokens are stored encrypted or hashed, backup files encrypted and signed. Address book and messages are in clear in the database: encrypt the disk or the database.',
      ),
  },
  {
    clause: '8.1.4.9 a',
    asks: { zh: '重要数据的本地备份与恢复', en: 'Backups, and their restoration' },
    place: 'backups',
    find({ backup: { plan, isOverdue, isTestOverdue, lastGood } }) {
      if (!plan?.enabled) return not('没有备份计划。', 'There is no plan for backups.')
      if (isOverdue || !lastGood)
        return partly(
          '备份计划已开启，最近没有成功的备份。',
          'The plan is on, and there is no recent backup.',
        )
      if (isTestOverdue || plan.testDays === 0)
        return partly(
          '备份按计划进行，最近没有成功的恢复演练。',
          'Backups go by the plan, and no restore was tried lately.',
        )
      return met('备份与恢复演练都按计划进行。', 'Backups and tries of restoring go by the plan.')
    },
  },
  {
    clause: '8.1.4.9 b',
    asks: { zh: '异地实时备份', en: 'Backups elsewhere, at once' },
    place: 'backups',
    find: ({ backup: { plan } }) =>
      plan?.enabled && plan.place === 's3'
        ? partly(
            '备份按计划写入对象存储，不是实时；实时备份需要异地的 PostgreSQL 备库。对象存储是否在异地由单位确认。',
            'Backups go to S3 by the plan, and not at once: that takes a standby of PostgreSQL elsewhere. Whether S3 is elsewhere is for the organisation to confirm.',
          )
        : not(
            '备份没有写到对象存储。实时备份需要异地的 PostgreSQL 备库。',
            'Backups do not go to S3. Backups at once take a standby of PostgreSQL elsewhere.',
          ),
  },
  {
    clause: '8.1.4.9 c',
    asks: { zh: '重要数据处理系统的热冗余', en: 'Hot standby of what processes data' },
    place: 'about',
    find: ({ nodes, hasOwnDatabase }) =>
      nodes > 1 && hasOwnDatabase
        ? met(
            `${nodes} 个节点同时运行；数据库的备库由单位部署并演练切换。`,
            `${nodes} nodes run; standbys of the database are set up and tried by the organisation.`,
          )
        : not(
            '只有一个节点，或使用内置数据库。请部署第二个节点与带备库的 PostgreSQL。',
            'There is one node, or the embedded database. Run a second node on a PostgreSQL with a standby.',
          ),
  },
  {
    clause: '8.1.4.10',
    asks: { zh: '剩余信息保护', en: 'Nothing is left of what was released' },
    find: () =>
      partly(
        '会话与令牌只保存散列；到期的数据每夜删除，企业可以整体删除。磁盘与内存的清除由操作系统负责。',
        'Of sessions and tokens only hashes are stored; what is old is deleted each night, a corp as a whole on request. Disks and memory are cleared by the operating system.',
      ),
  },
  {
    clause: '8.1.4.11 a',
    asks: {
      zh: '仅采集业务必需的个人信息',
      en: 'Only personal data that is needed is collected',
    },
    find: () =>
      partly(
        '平台只保存通讯录同步范围内的信息；同步哪些部门和字段，由单位在企业微信中决定。',
        'wisp stores what the address book shows it; which departments and fields these are, the organisation decides in WeCom.',
      ),
  },
  {
    clause: '8.1.4.11 b',
    asks: {
      zh: '禁止未授权访问和非法使用个人信息',
      en: 'Personal data is not reached or used without authority',
    },
    place: 'protection',
    find: ({ corp: { watermark }, dataReadDays }) =>
      watermark && dataReadDays > 0
        ? met(
            '按数据范围授权，读取有记录，页面与打印件有水印。',
            'Access follows from data scopes, reads are recorded, pages and prints carry a watermark.',
          )
        : partly(
            `按数据范围授权；水印${watermark ? '已开启' : '未开启'}，数据读取${dataReadDays > 0 ? '有记录' : '没有记录'}。`,
            `Access follows from data scopes; the watermark is ${watermark ? 'on' : 'off'}, reads are ${dataReadDays > 0 ? '' : 'not '}recorded.`,
          ),
  },
]

/** 8.1.5: administration of system, audit and security. */
export const managementChecks: readonly Check[] = [
  {
    clause: '8.1.5.1 / 8.1.5.3',
    asks: {
      zh: '系统管理员、安全管理员经鉴别，通过专用界面操作并受审计',
      en: 'Administrators of system and security prove themselves, use their own interface, and are recorded',
    },
    place: 'three',
    find: ({ isFactorRequired, isSeparated, ownRoles: { holders } }) =>
      isSeparated
        ? met(
            '三员分立已开启：系统管理员与安全管理员须用两步验证，各自的操作都有审计。',
            'The three administrators are separated: those of system and security give two factors, and what they do is recorded.',
          )
        : partly(
            `控制台与命令的操作都经鉴别并有审计${isFactorRequired ? '' : '，但没有要求两步验证'}。自定义角色可以把系统管理与安全管理分给不同的人（现有 ${holders} 人有自定义角色）；超级管理员仍同时拥有两者，开启三员分立后分开。`,
            `Console and commands know who acts and record it${isFactorRequired ? '' : ', and need no second factor'}. Own roles can give system and security to different people (members with own roles: ${holders}); super administrators still have both, until the three administrators are separated.`,
          ),
  },
  {
    clause: '8.1.5.2',
    asks: {
      zh: '审计员分析、管理审计记录',
      en: 'Administrators of audit look at the records and manage them',
    },
    place: 'three',
    find: ({ isSeparated, ownRoles: { auditors } }) =>
      isSeparated
        ? met(
            '三员分立已开启：审计员查看和管理所有人的审计，不能改动其他设置。',
            'The three administrators are separated: the auditor sees and manages the records of everybody, and changes nothing else.',
          )
        : auditors > 0
          ? partly(
              `${auditors} 人的自定义角色只能查看和管理审计，不能改动其他设置；超级管理员也能查看审计。分析与处理由单位完成。`,
              `Members whose own roles see and manage records and change nothing else: ${auditors}. Super administrators see records too; what follows from them is up to the organisation.`,
            )
          : partly(
              '审计可以查询、导出和验证，由超级管理员查看；没有单独的审计员。可以用自定义角色给出只含查看与审计的权限。',
              'Records can be searched, exported and verified, by super administrators; nobody has this right alone. An own role can give points of seeing and of audit alone.',
            ),
  },
  {
    clause: '8.1.5.4 c f',
    asks: {
      zh: '集中监测运行状况，识别与提醒安全事件',
      en: 'Running state is watched centrally, incidents are found and alerted',
    },
    find: () =>
      partly(
        '平台提供 /metrics、健康检查与提醒（企业微信、邮件）；接入监控系统由单位完成。',
        'wisp has /metrics, health checks and alerts by WeCom and mail; the organisation connects them to its monitoring.',
      ),
  },
  {
    clause: '8.1.5.4 d',
    asks: {
      zh: '审计数据集中收集，留存时间符合法律',
      en: 'Records are collected centrally, and kept as the law says',
    },
    place: 'forwarding',
    find({ auditDays, forwarding }) {
      const kept = {
        zh: `平台内留存 ${auditDays} 天（法律要求 6 个月）`,
        en: `wisp keeps them for ${auditDays} days (the law says six months)`,
      }
      const states = Object.values(forwarding)
      if (states.every(one => one === 'good'))
        return met(
          `${kept.zh}；本企业与平台的审计都转发到接收端（SIEM）。`,
          `${kept.en}; entries of the corp and of the installation are forwarded to receivers (SIEM).`,
        )
      const words = {
        none: { zh: '没有接收端', en: 'no receiver' },
        behind: { zh: '接收端还没有正常接收', en: 'a receiver that does not take them yet' },
        good: { zh: '转发正常', en: 'receivers that take them' },
      }
      const { corp, installation } = {
        corp: words[forwarding.corp],
        installation: words[forwarding.installation],
      }
      return partly(
        `${kept.zh}。审计转发（SIEM）：本企业${corp.zh}，平台${installation.zh}。`,
        `${kept.en}. Forwarding (SIEM): the corp has ${corp.en}, the installation ${installation.en}.`,
      )
    },
  },
  {
    clause: '8.1.5.4 a b e',
    asks: {
      zh: '划分管理区域、安全的管理路径、补丁集中管理',
      en: 'A zone for administration, safe ways to it, central patches',
    },
    find: () => outside('由网络与运维实现。', 'Networks and operations of the organisation do this.'),
  },
]
